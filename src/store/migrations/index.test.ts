import { hash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MIGRATIONS } from './index.ts';

/**
 * What each step is. A line is added with a new step and never changed: somebody's file has been through it already, and a step that now
 * says something else would never be applied there.
 */
const RELEASED: readonly (readonly [number, string, string])[] = [
  [1, 'meta', '0454f314865a5b651b5e918a6e65747befda2e49ca57c4abfe57e607b5e20ebf'],
  [2, 'audit', '6265818305f81226db97de2ada3ff88e181b1bcd118b6a499620d01ebb30d304'],
  [3, 'tokens', 'a825a155293ca4d5f3aca892918573a4cbc28bb3f945f54e3bb1d384c10b66fd'],
  [10, 'live', '0a31f2e7f6270f715f1b523e3c68a9255431a8995da59681ad21cef05b5772bd'],
  [20, 'figures', '500e2ac258e8ca8569ac7115e369b8d239c49f49f177351e7e368af55172afca'],
  [30, 'outbox', '8448a3de4b22bd4dafd7dc9a713254cb4b5e8fdb81e4352a40ba83a16020d22c'],
  [40, 'tuning', '372f75a9094a43aad05dac153d306ffa0ee979569d3695192cf1fe3ce0dc6800'],
  [50, 'routine', '9449d0aa367aa478e0b72ca6a2ef856dcd6c839a7159263a536de9a0d57618b3'],
  [60, 'clients', 'a0ee0a1c9d90118d0b228e6e15b6d7083c73232601e7f3ec1c0790f97d26fabe'],
  [70, 'users', 'a099372eddb9d2f85913c31076226f91d11bee996098102b82b6a1ec1e7a89f4'],
  [71, 'sessions', '107f7ec5f3d6fc6b8de2a405de3d0e7268b0ade3321bb0de3bac7b80070f88dd'],
  [80, 'log_hours', '98c96b535d4b21cba7ee60524d05232655c0c55ffe9d5024fdddf33e7f614700'],
  [90, 'outboxGroups', '7758363bf9b8e6a6e69614aa69ed8198026cf596ac2ce361292c8df17b727ae6'],
  [91, 'receiverEvents', 'd15aa765a58e6a469c15b37eea11a76d0f6d2e7d2560137e03e7c1c8356eb654'],
  [100, 'around', '6e52c0503f0206fcf67090e1c193c1aa8b0fe4bb7390c1130551d0c915f1e0a3'],
  [101, 'records', '0ac133664b2e41f21122421409daa83b1f7ced4ec304c13422374166ec26d74f'],
  [102, 'forgetting', 'e42cb1ec8fdbaa774a294971fb93e4f430cd701845b68f0a1f69418129787faa'],
  [103, 'inventories', '5167b7598ad347545ad17cecbf7f93c0a715a2f58dea2b85de9cbde23d717238'],
];

describe('steps of the schema', () => {
  it('are what they were when they were written', () => {
    expect(MIGRATIONS.map(({ version, name, sql }) => [version, name, hash('sha256', sql)])).toEqual(RELEASED);
  });

  it('ascend', () => {
    const versions = MIGRATIONS.map(({ version }) => version);
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
  });

  it('each is a file of its own, named after it', () => {
    const files = readdirSync(new URL('.', import.meta.url)).filter((name) => /^\d/.test(name));
    const named = MIGRATIONS.map(({ version, name }) => `${String(version).padStart(4, '0')}_${name}.ts`);
    expect(files.sort()).toEqual(named);
  });
});
