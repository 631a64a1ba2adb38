// Sends a downlink to where the uplink said it may be sent, and again where that may help.
import { setTimeout as passed } from 'node:timers/promises';

const pausesMs = [100, 200, 400];
const longestPauseMs = 30_000;

/** A call that failed; `pauseMs` is how long to wait before the next one, if another may help. */
class Failure extends Error {
  constructor(message, mayHelp, pauseMs) {
    super(message);
    this.mayHelp = mayHelp;
    this.pauseMs = pauseMs;
  }
}

async function call(url, uplink, settings) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      dev_id: uplink.dev_id,
      port: settings.downlinkPort,
      confirmed: settings.confirmed,
      payload_raw: Buffer.from([1]).toString('base64'),
    }),
    redirect: 'error',
    signal: AbortSignal.timeout(settings.downlinkTimeoutMs),
  }).catch((error) => {
    throw new Failure(error.message, true);
  });
  await response.arrayBuffer(); // so that the connection can be used again
  if (response.ok) return;
  const wanted = Number(response.headers.get('retry-after') ?? 'none') * 1000;
  throw new Failure(
    `the network answered ${response.status}`,
    response.status === 429 || response.status >= 500,
    Number.isFinite(wanted) ? wanted : undefined,
  );
}

async function tryAgain(url, uplink, settings, failure) {
  for (const pauseMs of pausesMs) {
    const wait = failure.pauseMs ?? pauseMs;
    if (!failure.mayHelp || wait > longestPauseMs) throw failure;
    await passed(wait, undefined, { ref: false });
    try {
      return await call(url, uplink, settings);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

/**
 * Makes the first call. What it returns is settled at once where that was taken, and otherwise when
 * further tries are over: an uplink need not wait for those.
 */
export async function sendDownlink(uplink, settings) {
  const url = new URL(uplink.downlink_url);
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  if (!isHttp || !settings.downlinkHosts.includes(url.hostname)) {
    throw new Error(`${url.hostname} is not a host that downlinks may be sent to`);
  }
  try {
    await call(url, uplink, settings);
    return { later: Promise.resolve() };
  } catch (failure) {
    return { later: tryAgain(url, uplink, settings, failure) };
  }
}
