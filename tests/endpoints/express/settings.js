// What the application is told by its environment.

export function settingsFrom(environment) {
  const number = (name, fallback) => {
    const value = Number(environment[name] ?? fallback);
    if (!Number.isFinite(value)) throw new Error(`${name} is not a number`);
    return value;
  };
  return {
    host: environment.HOST ?? '127.0.0.1',
    port: number('PORT', 0),
    authorization: environment.AUTHORIZATION ?? '',
    field: environment.FIELD ?? 'moisture',
    below: number('BELOW', 15),
    downlinkPort: number('DOWNLINK_PORT', 2),
    confirmed: environment.CONFIRMED === 'true',
    // Hosts that a downlink_url may name: an uplink must not make the application call anybody.
    downlinkHosts: (environment.DOWNLINK_HOSTS ?? '127.0.0.1,localhost,[::1]').split(','),
    downlinkTimeoutMs: number('DOWNLINK_TIMEOUT_MS', 2000),
    logLevel: environment.LOG_LEVEL ?? 'warn',
  };
}
