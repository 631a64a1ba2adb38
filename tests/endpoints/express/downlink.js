// Sends a downlink to where the uplink said it may be sent.

export async function sendDownlink(uplink, settings) {
  const url = new URL(uplink.downlink_url);
  const isHttp = url.protocol === 'http:' || url.protocol === 'https:';
  if (!isHttp || !settings.downlinkHosts.includes(url.hostname)) {
    throw new Error(`${url.hostname} is not a host that downlinks may be sent to`);
  }
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
  });
  await response.arrayBuffer(); // so that the connection can be used again
  if (!response.ok) throw new Error(`the network answered ${response.status}`);
}
