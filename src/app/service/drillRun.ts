import type { AlertNews, StoredAlert } from '../../alerts/stored.ts';
import { isAbsence, type Rule } from '../../ir/ir.ts';
import type { Batch, Receipt } from '../../sources/source.ts';
import type { SourceInfo } from '../live/read.ts';
import { drillable, drillOf } from './drill.ts';

export interface DrillDeps {
  readonly rules: readonly Rule[];
  /** Of rules beside the built-in ones. */
  readonly folders: readonly string[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Ends the name of the made-up account. */
  readonly suffix: string;
  readonly submit: (source: SourceInfo, batch: Batch) => Promise<Receipt>;
  readonly listen: (listener: (news: AlertNews) => void) => () => void;
  /** Who asked for it. */
  readonly by: string;
}

export interface Drilled {
  readonly rule: string;
  /** What its records show. */
  readonly name: string;
  readonly account: string;
  readonly records: number;
  /** What was raised for it; empty: nothing was, which should not be. */
  readonly alerts: readonly StoredAlert[];
}

/** Where the records of a drill come from: whoever sees an alert of it sees that it was one. */
export const DRILL_SOURCE = 'drill';
export const DRILL_LABEL = 'synthetic';

/**
 * Gives the records of a rule's own test to the running service, as if they had just been written, and says what was raised for them. They
 * go the way of all records: the same reading, rules, store, routes and receivers.
 * @throws UserError CW-5010
 */
export async function playDrill(name: string, deps: DrillDeps): Promise<Drilled> {
  const rule = drillable(
    name,
    deps.rules
      .filter(({ alerts }) => alerts)
      .map((one) => ({
        name: one.meta.name,
        id: one.meta.id,
        isAbsence: one.kind === 'correlation' && isAbsence(one),
      })),
  );
  const drill = drillOf(rule, deps.folders, deps.now, deps.suffix);
  // Where silence itself is what is drilled, its records must be waited for.
  const source: SourceInfo = {
    name: `${DRILL_SOURCE}-${deps.suffix}`,
    labels: { [DRILL_LABEL]: DRILL_SOURCE, asked_by: deps.by },
    isPassing: !rule.isAbsence,
  };
  const raised = new Map<string, StoredAlert>();
  const stop = deps.listen(({ stored }) => {
    if (stored.alert.ruleId === rule.id && stored.alert.account?.endsWith(`/${drill.account}`))
      raised.set(stored.alert.id, stored);
  });
  try {
    for (const [at, { line, at: written }] of drill.records.entries()) {
      const isLast = at === drill.records.length - 1;
      await deps.submit(source, batchOf(line, written, isLast ? drill.until : written));
    }
  } finally {
    stop();
  }
  return {
    rule: rule.name,
    name: drill.name,
    account: drill.account,
    records: drill.records.length,
    alerts: [...raised.values()],
  };
}

function batchOf(line: string, arrived: number, progress: number): Batch {
  const bytes = [Buffer.from(`${line}\n`)];
  return { bytes, name: 'a drill', partition: '', position: null, arrived, progress, speaksFor: null };
}
