// Starts the application, says where it listens, and ends on SIGTERM or SIGINT.
import pino from 'pino';

import { createApp } from './app.js';
import { settingsFrom } from './settings.js';

const settings = settingsFrom(process.env);
const log = pino({ level: settings.logLevel }, pino.destination(2));
const server = createApp(settings, log).listen(settings.port, settings.host, (error) => {
  if (error) {
    log.fatal(error.message);
    process.exit(1);
  }
  console.log(`listening on http://${settings.host}:${server.address().port}/uplink`);
});
server.keepAliveTimeout = 30_000; // a network's connections are quiet for a while between uplinks

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.close(() => process.exit(0));
    server.closeAllConnections(); // a request that never ends must not hold up the end
  });
}
