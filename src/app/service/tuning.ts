import type { Config } from '../../config/config.ts';
import type { Db } from '../../store/db.ts';
import { listTunings, type TuningRow } from '../../store/tunings.ts';
import { type Exception, exceptionOf } from '../../tuning/exception.ts';
import type { Maker } from '../../tuning/reach.ts';
import { calendarOf, type Silence, silenceOf } from '../../tuning/silence.ts';
import type { Tuning } from '../../tuning/standing.ts';

type Configured = Pick<Config, 'tuning' | 'lists'>;

/** The exceptions of a configuration. */
export function configuredExceptions({ tuning, lists }: Configured): readonly Exception[] {
  return tuning.exceptions.map(({ name, spec }) => exceptionOf(name, spec, lists));
}

function configuredSilences({ tuning }: Configured): readonly Silence[] {
  return [
    ...tuning.silences.map(({ name, spec }) => silenceOf(name, spec)),
    ...tuning.calendars.map(({ name, spec }) => calendarOf(name, spec)),
  ];
}

/** What is in force: what the configuration says, and what people made. A name of the configuration is that of the configuration. */
export function tuningOf(config: Configured, db: Db): Tuning {
  const exceptions = configuredExceptions(config);
  const silences = configuredSilences(config);
  const isOwn = (known: readonly { readonly id: string }[]) => {
    const ids = new Set(known.map(({ id }) => id));
    return ({ id, endedAt }: TuningRow) => endedAt === null && !ids.has(id);
  };
  return {
    exceptions: [
      ...exceptions,
      ...listTunings(db, 'exception')
        .filter(isOwn(exceptions))
        .map((row) => exceptionOf(row.id, row.spec, config.lists, makerOf(row))),
    ],
    silences: [
      ...silences,
      ...listTunings(db, 'silence')
        .filter(isOwn(silences))
        .map((row) => silenceOf(row.id, row.spec, makerOf(row))),
    ],
  };
}

function makerOf({ reach }: TuningRow): Maker {
  return { origin: 'api', reach };
}
