import { describe, expect, it } from 'vitest';
import type { Alert } from '../alerts/alert.ts';
import { storedOf } from '../api/memory.test-support.ts';
import { type AlertFilter, AlertStore } from './alerts.ts';
import { Db } from './db.ts';
import { Overview } from './overview.ts';

const HOUR = 3600;
const ALL = { subscriptions: null, labels: {} };
const RULE = { id: '7d0c9e6b-4a2a-4cbb-9d4f-2f4f6a3b1c11' };
const ANN = {
  id: 'aaaaaaaa-0000-0000-0000-000000000001',
  name: 'Ann@contoso.example',
  type: 'user',
  appId: null,
  appName: null,
};

/** Alerts that opened at so many seconds, each with what is said of it. */
function storeOf(alerts: readonly (Partial<Alert> & { readonly opened: number })[]): Db {
  const db = new Db(':memory:');
  const store = new AlertStore(db);
  store.setRules([RULE as Parameters<AlertStore['setRules']>[0][number]]);
  alerts.forEach(({ opened, ...more }, at) => {
    const stored = storedOf(at + 1);
    const alert = { ...stored.alert, ...more } as Alert;
    const row = {
      ruleId: RULE.id,
      fold: '',
      scope: '',
      opened,
      last: opened,
      hasControl: false,
      digest: '',
      caller: null,
    };
    store.save({ ...stored, alert }, row);
  });
  return db;
}

describe('which alerts are listed', () => {
  const db = storeOf([
    { opened: 1, level: 'critical', actors: [ANN], sourceIps: ['192.0.2.7'], reason: 'The lock was removed.' },
    { opened: 2, level: 'high', title: '50% of <b>all</b>', reason: 'Keys were read.' },
    { opened: 3, level: 'low', sourceIps: ['192.0.2.77'], reason: 'An item was deleted.' },
  ]);
  const cases: readonly (readonly [string, Partial<AlertFilter>, readonly number[]])[] = [
    ['one level', { levels: ['high'] }, [2]],
    ['two levels', { levels: ['low', 'critical'] }, [3, 1]],
    ['a name in another case', { actor: 'ann@CONTOSO.example' }, [1]],
    ['the id of somebody', { actor: ANN.id }, [1]],
    ['a part of a name', { actor: 'ann' }, []],
    ['an address, and not the longer one', { ip: '192.0.2.7' }, [1]],
    ['a word of the sentence', { words: 'LOCK' }, [1]],
    ['a word of the title, whatever it holds', { words: '% of <B>' }, [2]],
    ['what would be a pattern elsewhere', { words: '%' }, [2]],
    ['all of several', { words: 'deleted', levels: ['high'] }, []],
  ];
  it.each(cases)('%s', (_name, filter, expected) => {
    const page = new AlertStore(db).list({ ...ALL, limit: 10, ...filter });
    expect(page.items.map(({ alert }) => Number.parseInt(alert.id, 16))).toEqual(expected);
  });
});

describe('alerts over time', () => {
  const db = storeOf([
    { opened: 10 * HOUR, level: 'critical' },
    { opened: 10 * HOUR + 5, level: 'high', status: 'resolved', resolution: 'ended' },
    { opened: 10 * HOUR + 6, level: 'high', status: 'resolved', resolution: 'retracted' },
    { opened: 11 * HOUR - 1, level: 'low', status: 'resolved', resolution: 'merged:x' },
    { opened: 11 * HOUR, level: 'medium' },
    { opened: 13 * HOUR, level: 'critical' },
  ]);
  const overview = new Overview(db);

  it('what opened in each step; what was never so is in none', () => {
    const { items } = overview.histogram({ from: 10 * HOUR, to: 13 * HOUR, step: HOUR }, ALL);
    const none = { critical: 0, high: 0, medium: 0, low: 0, informational: 0, routine: 0 };
    expect(items).toEqual([
      { ...none, at: 10 * HOUR, critical: 1, high: 1 },
      { ...none, at: 11 * HOUR, medium: 1 },
    ]);
  });

  it('what is open, whenever it opened', () => {
    const { open } = overview.histogram({ from: 0, to: HOUR, step: HOUR }, ALL);
    expect(open).toEqual({ critical: 2, high: 0, medium: 1, low: 0, informational: 0 });
  });

  it('nothing of what somebody may not see', () => {
    const { items, open } = overview.histogram(
      { from: 0, to: 99 * HOUR, step: HOUR },
      { subscriptions: ['other'], labels: {} },
    );
    expect(items).toEqual([]);
    expect(Object.values(open).every((count) => count === 0)).toBe(true);
  });
});
