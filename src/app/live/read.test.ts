import { expect, test } from 'vitest';
import { Compiled } from '../../engine/compile.ts';
import { Decoder } from '../../events/decode.ts';
import { isKnown, normalise } from '../../events/normalise.ts';
import { sketchText } from '../../lib/sketch.ts';
import { Rng } from '../../simulate/rng.ts';
import { fileOf } from '../../skim/bulk.test-support.ts';
import type { Batch } from '../../sources/source.ts';
import type { FigureRow } from '../../store/figures.ts';
import { FigureCollector } from '../figures.ts';
import { rulesFor } from '../rules.ts';
import { BatchReader } from './read.ts';

const NOW = Date.UTC(2027, 0, 1);

function batchOf(bytes: Uint8Array): Batch {
  return {
    bytes: [bytes],
    name: 'test',
    partition: 'one',
    position: null,
    arrived: null,
    progress: null,
    speaksFor: null,
  };
}

/** Every record parsed, and added up. */
function plainly(bytes: Uint8Array): readonly FigureRow[] {
  const collector = new FigureCollector();
  const decoder = new Decoder({
    known: isKnown,
    skim: null,
    sink: {
      record: (value, line, index) => {
        const read = normalise(value, { source: 'test', line, index }, { now: NOW });
        if (read.kind === 'event') collector.add(read.event);
      },
      skimmed: () => {},
      invalid: () => {},
    },
  });
  decoder.push(bytes);
  decoder.end();
  return collector.take();
}

function printed(rows: readonly FigureRow[]): string[] {
  return rows.map((row) => JSON.stringify({ ...row, durations: sketchText(row.durations) })).sort();
}

test('key figures are the same whether a request is parsed or not', () => {
  const reader = new BatchReader(new Compiled(rulesFor([], [], new Map())), 1, NOW, true);
  const rng = new Rng('figures');
  let requests = 0;
  for (let file = 0; file < 150; file++) {
    const bytes = fileOf(rng, 40);
    const { figures } = reader.read({ name: 'test', labels: {} }, batchOf(bytes), NOW);
    expect(printed(figures)).toEqual(printed(plainly(bytes)));
    requests += figures.reduce((sum, row) => sum + row.requests, 0);
  }
  expect(requests).toBeGreaterThan(2000);
});
