import type { Rule } from '../ir/ir.ts';
import type { Clock } from '../lib/clock.ts';
import { DEMO_DAY, simulate } from '../simulate/simulate.ts';
import type { Truth } from '../simulate/truth.ts';
import type { ScanOutcome } from './contract.ts';
import { rulesFor } from './rules.ts';
import { scanStream } from './scan.ts';

export interface DemoOptions {
  readonly seed: string;
  readonly recordsPerDay: number;
}

export interface DemoProgress {
  /** Share of the day that is read, 0 to 1. */
  readonly share: number;
  /** Milliseconds since 1970, of the record just read. */
  readonly at: number;
  readonly records: number;
}

export interface DemoOutcome {
  readonly outcome: ScanOutcome;
  readonly truth: readonly Truth[];
  readonly rules: readonly Rule[];
}

const CHUNK = 256;
const DAY = 86_400_000;

/** Plays one day of the made-up tenant through the real pipeline: records are made, written as JSON, and read again as bytes. */
export async function playDemo(
  options: DemoOptions,
  clock: Clock,
  onProgress: (progress: DemoProgress) => void,
  signal: AbortSignal,
): Promise<DemoOutcome> {
  const rules = rulesFor([], [], new Map());
  const simulation = simulate({ scenario: 'theft', variant: 'export', days: 1, start: DEMO_DAY, ...options });
  let records = 0;
  const chunks = async function* (): AsyncGenerator<Uint8Array> {
    let lines: string[] = [];
    for (const record of simulation.records) {
      lines.push(record.line);
      if (lines.length < CHUNK) continue;
      records += lines.length;
      yield Buffer.from(`${lines.join('\n')}\n`);
      lines = [];
      onProgress({ share: Math.min(1, (record.time - DEMO_DAY) / DAY), at: record.time, records });
      // Lets Ctrl-C and the terminal have their turn.
      await clock.sleep(0);
      if (signal.aborted) return;
    }
    yield Buffer.from(`${lines.join('\n')}\n`);
  };
  const outcome = await scanStream('demo', chunks(), rules, { nowMs: DEMO_DAY + 2 * DAY, clock });
  return { outcome, truth: simulation.truth(), rules };
}
