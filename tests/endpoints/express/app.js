// The application: takes uplinks, stores them once, opens the valve where the soil is dry.
import { createHash, timingSafeEqual } from 'node:crypto';
import express from 'express';

import { sendDownlink } from './downlink.js';
import { Store } from './store.js';
import { uplinkProblem } from './uplink-schema.js';

const digest = (text) => createHash('sha256').update(text).digest();

function requireAuthorization(expected) {
  return (request, response, next) => {
    const given = request.get('authorization') ?? '';
    if (!expected || timingSafeEqual(digest(given), digest(expected))) return next();
    response.status(401).json({ error: 'the Authorization header is missing or wrong' });
  };
}

export function createApp(settings, log, store = new Store()) {
  async function receive(request, response) {
    const uplink = request.body;
    const problem = uplinkProblem(uplink);
    if (problem) return response.status(422).json({ error: problem });
    const { frame, isNew } = store.record(uplink);
    const value = uplink.payload_fields?.[settings.field];
    const isDry = typeof value === 'number' && value < settings.below; // null < 15 is true, too
    if (isDry && !frame.answered) {
      frame.answered = true; // at once: the same frame may come again while the call is made
      const failed = (error) => {
        frame.answered = false; // a retry may try again
        log.warn({ device: uplink.dev_id, reason: error.message }, 'downlink failed');
      };
      try {
        const { later } = await sendDownlink(uplink, settings);
        later.catch(failed);
      } catch (error) {
        failed(error);
      }
    }
    log.info({ device: uplink.dev_id, counter: uplink.counter, isNew }, 'uplink');
    response.json({ stored: isNew });
  }

  const app = express();
  app.disable('x-powered-by');
  app
    .route('/uplink')
    .all(requireAuthorization(settings.authorization))
    .all((request, response, next) => {
      if (request.method === 'POST' || request.method === 'PUT') return next();
      response.set('Allow', 'POST, PUT').status(405).json({ error: 'POST or PUT uplinks here' });
    })
    .all((request, response, next) => {
      if (request.is('application/json')) return next();
      response.status(415).json({ error: 'send application/json' });
    })
    .all(express.json({ limit: '256kb' }), receive);
  app
    .route('/probe/:device')
    .all(requireAuthorization(settings.authorization))
    .get((request, response) => {
      const stored = store.stored(request.params.device);
      if (stored) return response.json(stored);
      response.status(404).json({ error: 'no uplink of this device is stored' });
    })
    .all((request, response) => {
      response.set('Allow', 'GET').status(405).json({ error: 'GET what is stored' });
    });
  app.use((request, response) => response.status(404).json({ error: 'uplinks go to /uplink' }));
  app.use((error, request, response, next) => {
    if (response.headersSent) return next(error);
    const status = error.status ?? 500;
    if (status >= 500) log.error(error);
    response.status(status).json({ error: status >= 500 ? 'internal error' : error.message });
  });
  return app;
}
