import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** One run of a program, start-up included. */
export interface Run {
  readonly wall: number;
  /** Seconds of all cores. */
  readonly cpu: number;
  /** MB at its peak. */
  readonly memory: number;
}

export interface Program {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

/** Runs of a program that is here; null: it is not, or it failed. */
export type Runs = readonly Run[] | null;

const TIME = '/usr/bin/time';

export function canMeasure(): boolean {
  return existsSync(TIME);
}

export function runOnce({ command }: Program): Run | null {
  const started = process.hrtime.bigint();
  const { status, stderr } = spawnSync(TIME, ['-f', '%U %S %M', ...command], {
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  const wall = Number(process.hrtime.bigint() - started) / 1e9;
  const numbers = stderr.trim().split('\n').at(-1)?.split(' ').map(Number) ?? [];
  const [user, system, kilobytes] = numbers;
  if (status !== 0 || user === undefined || system === undefined || kilobytes === undefined) return null;
  return { wall, cpu: user + system, memory: kilobytes / 1024 };
}

/** All programs in turn, so that a busy moment of the machine falls on none of them alone. The first round is not counted. */
export function interleaved(programs: readonly Program[], rounds: number): Map<string, Runs> {
  const runs = new Map<string, Run[] | null>(programs.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const program of programs) {
      if (runs.get(program.name) === null) continue;
      const run = runOnce(program);
      if (run === null) runs.set(program.name, null);
      else if (round > 0) runs.get(program.name)!.push(run);
    }
  }
  return runs;
}

export function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)]!;
}
