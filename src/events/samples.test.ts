import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Decoder } from './decode.ts';
import { isKnown, normalise } from './normalise.ts';

/** Real records are not ours to ship: without the folder that holds them these tests are skipped. */
const SHARED = fileURLToPath(new URL('../../../shared', import.meta.url));
const present = existsSync(`${SHARED}/samples`);
if (!present) console.warn(`skipped: no sample records at ${SHARED}/samples`);

/** What a file holds: how many records of which family and form, of what else, and what was invalid. */
const SAMPLES: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'activitylog_export_dynatrace_2021.json': { 'ActivityLog export': 4 },
  'activitylog_export_otel_administrative_record1.json': { 'ActivityLog export': 1 },
  'activitylog_export_sumologic_2018.json': { 'ActivityLog export': 1 },
  'arm_databaseAccount_get_2025-10-15.json': { 'unknown: Microsoft.DocumentDB/databaseAccounts': 1 },
  'arm_diagnosticSettings_list_2021-05-01-preview.json': { 'unknown: Microsoft.Insights/diagnosticSettings': 1 },
  'arm_locks_listAtScope_2017-04-01.json': { 'unknown: Microsoft.Authorization/locks': 1 },
  'constructed.ndjson': {
    'ActivityLog export': 2,
    'ActivityLog rest': 1,
    'ActivityLog log_analytics': 1,
    'DataPlaneRequests export': 2,
    'ControlPlaneRequests export': 2,
    'AuditEvent export': 2,
  },
  'cosmos_resourcelog_records_msdocs_2017.json': { 'DataPlaneRequests export': 1 },
  // Three of its records are no JSON as they were published.
  'cosmos_resourcelogs_msdocs_verbatim.txt': {
    'DataPlaneRequests export': 1,
    'MongoRequests export': 1,
    'GremlinRequests export': 1,
    not_json: 3,
  },
  'eventgrid_ResourceActionSuccess_listkeys_msdocs.json': { 'ActivityLog event_grid': 1 },
  'eventhub_mixed_dynatrace_events.json': { 'unknown: FunctionAppLogs': 5 },
  'storage_blob_records_sumologic_nsgflow_2024.json': { 'unknown: NetworkSecurityGroupFlowEvent': 8 },
};

/** Logs of other products and of Azure's other services: one record each. */
const FOREIGN: Readonly<Record<string, string>> = {
  aws_cloudtrail: 'unknown: no log record',
  aws_vpcflow: 'unknown: no log record',
  azure_activitylogs: 'ActivityLog rest',
  azure_auditlogs: 'unknown: AuditLogs',
  azure_signinlogs: 'unknown: SignInLogs',
  docker_events: 'unknown: container',
  gcp_audit: 'unknown: no log record',
  github_audit: 'unknown: no log record',
  k8s_audit: 'unknown: no log record',
  microsoft365_audit: 'unknown: no log record',
  okta_system_log: 'unknown: user.lifecycle.activate.pre_auth',
  onelogin_events: 'unknown: no log record',
  osquery_result: 'unknown: no log record',
};

describe.skipIf(!present)('real records', () => {
  it('every sample is in the table', () => {
    const files = present ? readdirSync(`${SHARED}/samples`) : [];
    expect(files.filter((file) => file !== 'INDEX.md')).toEqual(Object.keys(SAMPLES));
  });

  it.each(Object.entries(SAMPLES))('%s: each record is known, or rightly unknown', (file, expected) => {
    expect(countsIn(`${SHARED}/samples/${file}`)).toEqual(expected);
  });

  it.each(Object.entries(FOREIGN))('%s is %s', (folder, expected) => {
    const file = `${SHARED}/conformance/schema-classification/${folder}/test_event.json`;
    expect(countsIn(file)).toEqual({ [expected]: 1 });
  });
});

function countsIn(path: string): Record<string, number> {
  const counts: Record<string, number> = {};
  const count = (what: string) => {
    counts[what] = (counts[what] ?? 0) + 1;
  };
  const decoder = new Decoder({
    known: isKnown,
    skim: null,
    sink: {
      record: (value, line, index) => {
        const read = normalise(value, { source: path, line, index }, { now: Date.UTC(2027, 0, 1) });
        if (read.kind === 'event') count(`${read.event.family} ${read.event.variant}`);
        else count(read.kind === 'unknown' ? `unknown: ${read.what}` : read.reason);
      },
      skimmed: () => {},
      invalid: count,
    },
  });
  decoder.push(readFileSync(path));
  decoder.end();
  return counts;
}
