import type { Reach } from '../tuning/reach.ts';
import type { ExceptionSpec, SilenceSpec } from '../tuning/spec.ts';
import type { Db } from './db.ts';

/** Milliseconds since 1970. */
type Millis = number;

export type TuningKind = 'exception' | 'silence';

/** An exception or silence that somebody made through the API. */
export interface TuningRow<Spec = ExceptionSpec | SilenceSpec> {
  readonly id: string;
  readonly spec: Spec;
  readonly reach: Reach;
  readonly createdBy: string;
  readonly createdAt: Millis;
  readonly changedAt: Millis;
  /** Null: nobody ended it. */
  readonly endedAt: Millis | null;
}

interface Specs {
  readonly exception: ExceptionSpec;
  readonly silence: SilenceSpec;
}

/** In order of their names; those that were ended too. */
export function listTunings<Kind extends TuningKind>(db: Db, kind: Kind): readonly TuningRow<Specs[Kind]>[] {
  return db
    .prepare(
      `SELECT id, spec, reach, created_by AS createdBy, created_at AS createdAt, changed_at AS changedAt, ended_at AS endedAt
       FROM tunings WHERE kind = ? ORDER BY id`,
    )
    .all(kind)
    .map((row) => ({
      ...(row as unknown as TuningRow<Specs[Kind]>),
      spec: JSON.parse(row['spec'] as string) as Specs[Kind],
      reach: JSON.parse(row['reach'] as string) as Reach,
    }));
}

/** One that was ended may be made anew. */
export function putTuning(db: Db, kind: TuningKind, row: TuningRow): void {
  db.prepare(
    `INSERT INTO tunings VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET spec = excluded.spec, reach = excluded.reach,
       created_by = excluded.created_by, created_at = excluded.created_at, changed_at = excluded.changed_at,
       ended_at = excluded.ended_at`,
  ).run(
    kind,
    row.id,
    JSON.stringify(row.spec),
    JSON.stringify(row.reach),
    row.createdBy,
    row.createdAt,
    row.changedAt,
    row.endedAt,
  );
}
