import { describe, expect, it } from 'vitest';
import type { Family } from '../events/event.ts';
import type { Act } from './acts.ts';
import { API_ACCOUNTS } from './apiAccounts.ts';
import { FAMILIES, FORM_NAMES, FORMS, type Form, formOf, formsOf, hasGap } from './forms.ts';
import { patchAccount, readKeys } from './operations.ts';
import { recordsOf } from './records.ts';
import { request } from './requests.ts';
import { Rng } from './rng.ts';
import { settingsOf } from './settings.ts';
import { changeKey } from './surroundings.ts';
import { Aggregator } from './wire/aggregates.ts';
import { traceOf } from './wire/trace.ts';
import { ACCOUNTS, PEOPLE } from './world.ts';

const { orders } = ACCOUNTS;
const { nosql, mongodb, vcore, cassandra, cassandra_cluster, gremlin, table } = API_ACCOUNTS;
const patch = patchAccount(0, PEOPLE.admin, orders, { ipRules: [] }, { ...settingsOf(orders), ipRules: [] });
const statistic = (family: Extract<Act, { kind: 'statistic' }>['family']): Act => ({
  kind: 'statistic',
  family,
  account: nosql,
  container: 'entries',
  time: 0,
});

/** An act that each family tells of; sums are made of requests. */
const ACTS: Readonly<Record<Family, Act>> = {
  ActivityLog: readKeys(0, PEOPLE.admin, orders, 'listKeys'),
  ControlPlaneRequests: patch,
  DataPlaneRequests: request(0, nosql, nosql.clients[0], {}),
  DataPlaneRequests5M: request(0, nosql, nosql.clients[0], {}),
  DataPlaneRequests15M: request(0, nosql, nosql.clients[0], {}),
  MongoRequests: request(0, mongodb, mongodb.clients[0], {}),
  VCoreMongoRequests: request(0, vcore, vcore.clients[0], {}),
  CassandraRequests: request(0, cassandra, cassandra.clients[0], {}),
  CassandraAudit: request(0, cassandra_cluster, cassandra_cluster.clients[0], {}),
  GremlinRequests: request(0, gremlin, gremlin.clients[0], {}),
  TableApiRequests: request(0, table, table.clients[0], {}),
  QueryRuntimeStatistics: statistic('QueryRuntimeStatistics'),
  PartitionKeyStatistics: statistic('PartitionKeyStatistics'),
  PartitionKeyRUConsumption: statistic('PartitionKeyRUConsumption'),
  AuditEvent: changeKey(0, PEOPLE.admin, 'KeyGet'),
};

function written(family: Family, form: Form): string[] {
  const rng = new Rng('forms');
  const act = ACTS[family];
  if (family !== 'DataPlaneRequests5M' && family !== 'DataPlaneRequests15M')
    return recordsOf(act, form, rng).flatMap((record) => (record.family === family ? [record.line] : []));
  const sums = new Aggregator(family);
  sums.add(act as Extract<Act, { kind: 'request' }>);
  const due = [...sums.due(Number.POSITIVE_INFINITY, () => ({ form, trace: traceOf(rng) }))];
  return due.map(({ value }) => JSON.stringify(value));
}

/** The form of a record, by what only that form has. */
function formIn(line: string): string {
  const record = JSON.parse(line) as Record<string, string>;
  if (record['Type'] !== undefined) return `${record['Type']} row`;
  if (record['eventTimestamp'] !== undefined) return 'REST event';
  if (record['RoleLocation'] !== undefined) return 'Event Hubs and Storage export';
  if (record['specversion'] !== undefined) return 'CloudEvents event';
  return record['eventType'] === undefined ? 'export record' : 'Event Grid event';
}

describe.each(FAMILIES)('%s', (family) => {
  it.each(FORM_NAMES)('%s: it is written as the table says', (form) => {
    const lines = written(family, form);
    expect(lines).not.toEqual([]);
    const { form: name } = FORMS[family][formOf(family, form)]!;
    expect(new Set(lines.map(formIn))).toEqual(new Set([name]));
  });

  it('every form says what it cannot tell', () => {
    for (const form of formsOf(family)) expect(FORMS[family][form]!.lacks).not.toBe('');
  });
});

it('Event Grid tells an end and no body, everything else a start', () => {
  for (const form of formsOf('ActivityLog')) {
    const lines = recordsOf(patch, form, new Rng('gaps')).filter(({ family }) => family === 'ActivityLog');
    expect(lines.length === 1, form).toBe(hasGap('ActivityLog', form, 'start'));
    expect(!lines.some(({ line }) => line.includes('requestbody')), form).toBe(hasGap('ActivityLog', form, 'body'));
  }
});

it('mixed: every form of a family comes, and none that lacks a body comes alone', () => {
  const rng = new Rng('mixed');
  const seen = new Set<string>();
  for (let index = 0; index < 400; index++) {
    const forms = recordsOf(ACTS.ActivityLog, 'mixed', rng).map(({ line }) => formIn(line));
    for (const form of forms) seen.add(form);
    expect(forms.every((form) => /Event Grid|CloudEvents/.test(form))).toBe(false);
  }
  expect(seen).toEqual(new Set(formsOf('ActivityLog').map((form) => FORMS.ActivityLog[form]!.form)));
});
