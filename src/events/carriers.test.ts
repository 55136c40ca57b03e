import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../lib/json.ts';
import { Decoder } from './decode.ts';
import {
  ACCOUNT,
  type Act,
  activityCloudEvent,
  activityExport,
  activityGrid,
  NOW,
} from './families/forms.test-support.ts';
import { isKnown, normalise } from './normalise.ts';

const ACT: Act = {
  operation: 'Microsoft.DocumentDB/databaseAccounts/listKeys/action',
  resource: ACCOUNT,
  result: 'Success',
};
const grid = activityGrid(ACT);
const cloud = activityCloudEvent(ACT);
const exported = activityExport(ACT);

/** What Event Grid adds to an event that it could not deliver. */
const DEAD = {
  deadLetterReason: 'MaxDeliveryAttemptsExceeded',
  deliveryAttempts: 30,
  lastDeliveryOutcome: 'NotFound',
  publishTime: '2026-11-10T08:00:02Z',
  lastDeliveryAttemptTime: '2026-11-10T09:00:02Z',
};
const { data, ...rest } = cloud;
const encoded = { ...rest, data_base64: Buffer.from(JSON.stringify(data)).toString('base64') };
const records = { records: [exported] };
const AVRO = { SequenceNumber: 1, Offset: '0', SystemProperties: {}, Properties: {} };

const CARRIED: readonly (readonly [string, Json])[] = [
  ['an event', grid],
  ['a list of events', [grid]],
  ['dead letters', [{ ...grid, ...DEAD }]],
  ['a CloudEvent', cloud],
  ['a batch of CloudEvents', [cloud]],
  ['dead letters as CloudEvents', [{ ...cloud, deadletterreason: 'TimeToLiveExceeded', deliveryattempts: 30 }]],
  ['a CloudEvent with its data in base64', encoded],
  ['a batch of those', [encoded]],
  ['data as a text', { ...cloud, data: JSON.stringify(data) }],
  ['the body of a message', { body: records, sequenceNumber: 4, partitionKey: null }],
  ['the body of a message as a text', [{ Body: JSON.stringify(records), Offset: '0' }]],
  ['the body of a message is the record', { body: exported }],
  ['Avro of Event Hubs Capture, made JSON', { ...AVRO, Body: { bytes: JSON.stringify(records) } }],
];

function read(text: string) {
  const found: JsonObject[] = [];
  const invalid: string[] = [];
  const decoder = new Decoder({
    known: isKnown,
    skim: null,
    sink: {
      record: (value) => found.push(value),
      skimmed: () => {},
      invalid: (reason, _, detail) => invalid.push(`${reason}: ${detail}`),
    },
  });
  decoder.push(Buffer.from(text));
  decoder.end();
  return { found, invalid };
}

describe('what carries records', () => {
  it.each(CARRIED)('%s', (_, carried) => {
    for (const indent of [0, 2]) {
      const { found, invalid } = read(JSON.stringify(carried, null, indent));
      expect(invalid).toEqual([]);
      const told = found.map((value) => normalise(value, { source: '', line: 1, index: 0 }, { now: NOW }));
      expect(told).toMatchObject([{ kind: 'event', event: { action: 'cosmosdb.keys.list', outcome: 'success' } }]);
    }
  });

  it('text beyond ASCII comes through Avro as it was', () => {
    const text = JSON.stringify({ ...exported, note: 'größer 😀' });
    const { found } = read(JSON.stringify({ Body: { bytes: Buffer.from(text).toString('latin1') } }));
    expect(found[0]?.['note']).toBe('größer 😀');
  });

  it.each<[string, JsonObject]>([
    ['a body that is no JSON', { body: 'hello' }],
    ['a body of numbers', { body: '[1,2]' }],
    ['base64 of something else', { specversion: '1.0', type: 'x', data_base64: 'aGVsbG8=' }],
  ])('%s is one unknown record', (_, value) => {
    const { found } = read(JSON.stringify(value));
    expect(found).toEqual([value]);
    expect(normalise(value, { source: '', line: 1, index: 0 }, { now: NOW }).kind).toBe('unknown');
  });

  it('the encoded text is not kept', () => {
    const told = normalise(encoded, { source: '', line: 1, index: 0 }, { now: NOW });
    expect(JSON.stringify(told)).not.toContain(encoded.data_base64);
  });
});
