// What an uplink must look like, as far as this application needs it. Further keys are allowed:
// the network may add some.
import Ajv from 'ajv';

const schema = {
  type: 'object',
  required: ['app_id', 'dev_id', 'port', 'counter', 'metadata', 'downlink_url'],
  properties: {
    app_id: { type: 'string', minLength: 1, maxLength: 64 },
    dev_id: { type: 'string', minLength: 1, maxLength: 64 },
    hardware_serial: { type: 'string', pattern: '^[0-9A-F]{16}$' },
    port: { type: 'integer', minimum: 0, maximum: 255 },
    counter: { type: 'integer', minimum: 0, maximum: 4294967295 },
    is_retry: { type: 'boolean' },
    confirmed: { type: 'boolean' },
    // No frame has more than 255 bytes; the store relies on payloads being short.
    payload_raw: { type: ['string', 'null'], maxLength: 340, pattern: '^[A-Za-z0-9+/]*={0,2}$' },
    payload_fields: { type: 'object' },
    metadata: {
      type: 'object',
      required: ['time'],
      properties: {
        time: { type: 'string' },
        gateways: { type: 'array', maxItems: 1000, items: { type: 'object' } },
      },
    },
    downlink_url: { type: 'string', maxLength: 2048 },
  },
};

const check = new Ajv().compile(schema);

/** What is wrong with an uplink, or null. */
export function uplinkProblem(uplink) {
  if (check(uplink)) return null;
  const [error] = check.errors;
  return `${error.instancePath || 'the uplink'} ${error.message}`;
}
