import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BUILT_IN, readRuleFiles } from '../../src/app/rules.ts';
import { runCase } from '../../src/app/runTimeline.ts';
import { readTimeline } from '../../src/app/timeline.ts';
import { loadRules } from '../../src/sigma/load.ts';

/** A correlation that counts what a rule of absence finds, from records to alerts. */
const RULE = `title: Keys read after the logs stopped
name: keys_after_silence
correlation:
  type: temporal_ordered
  rules: [cosmosdb_no_logs, keys_read]
  group-by: cosmosdb.account
  timespan: 2h
---
title: Keys read
name: keys_read
logsource: {product: azure, service: cosmosdb}
detection: {s: {event.action: cosmosdb.keys.list}, condition: s}
`;

const TIMELINE = `rule: keys_after_silence
from: records.test.yml
defaults: {operation: Read, type: Document, code: "200"}
templates:
  list:
    time: "{time}"
    resourceId: "{id}"
    operationName: Microsoft.DocumentDB/databaseAccounts/listKeys/action
    category: Administrative
    resultType: Success
    correlationId: "{correlation}"
cases:
  - name: within the time span
    records:
      - { at: 0, request: {} }
      - { at: 5h, list: {} }
    alerts:
      - { at: 5h, count: 2, account: orders }
  - name: while the logs still come
    records:
      - { at: 0, request: {} }
      - { at: 3h, request: {} }
      - { at: 5h, list: {} }
    alerts: []
  - name: long after
    records:
      - { at: 0, request: {} }
      - { at: 7h, list: {} }
    alerts: []
`;

const read = (name: string): string => readFileSync(join(BUILT_IN, 'cosmosdb', name), 'utf8');
const timeline = readTimeline(TIMELINE, read);
const { rules } = loadRules([...readRuleFiles([BUILT_IN]), { file: 'own.yml', text: RULE }]);

describe('keys read after the logs stopped', () => {
  if (!('cases' in timeline)) throw new Error(JSON.stringify(timeline));
  it.each(timeline.cases)('$name', (one) => {
    expect(runCase(timeline, one, rules)).toEqual([]);
  });
});
