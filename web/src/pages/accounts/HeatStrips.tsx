import { useNow } from '../../clock.ts';
import { Ago } from '../../parts/Time.tsx';
import { inZone } from '../../times.ts';
import { age, count } from '../../words.ts';

/** Records of one log in steps of time that all strips of a page share. */
export interface Strip {
  readonly family: string;
  readonly lastRecord: string;
  readonly records: readonly number[];
}

interface HeatStripsProps {
  readonly strips: readonly Strip[];
  /** Hours of one mark. */
  readonly step: number;
  readonly hasHead?: boolean;
}

/** A log that was silent for longer than its own longest silence of the week, and for more than this, is late. Hours. */
const LEAST_LATE = 4;
const HOUR = 3_600_000;

/** How many records of each log came, as shades; beside it, in words, when the last one was. */
export function HeatStrips({ strips, step, hasHead = true }: HeatStripsProps) {
  const now = useNow();
  const marks = strips[0]?.records.length ?? 0;
  const start = (Math.floor(now / HOUR) + 1) * HOUR - marks * step * HOUR;
  return (
    <div className="strips">
      {hasHead ? (
        <div className="strips-head" aria-hidden="true">
          <span>Records per {step === 1 ? 'hour' : `${step} hours`}</span>
          <Days start={start} days={(marks * step) / 24} />
          <span className="strips-end">last record</span>
        </div>
      ) : null}
      {strips.map((strip) => (
        <StripRow key={strip.family} strip={strip} step={step} now={now} />
      ))}
    </div>
  );
}

function Days({ start, days }: { readonly start: number; readonly days: number }) {
  return (
    <span className="strips-days">
      {Array.from({ length: Math.floor(days) }, (_, day) => {
        const at = start + day * 24 * HOUR;
        return <span key={at}>{inZone(at, 'day').split(' ').slice(0, 2).join(' ')}</span>;
      })}
    </span>
  );
}

function StripRow({ strip, step, now }: { readonly strip: Strip; readonly step: number; readonly now: number }) {
  const { family, records, lastRecord } = strip;
  const silent = (now - Date.parse(lastRecord)) / HOUR;
  const isLate = silent > Math.max(LEAST_LATE, longestSilence(records) * step);
  const missing = isLate ? Math.max(1, trailing(records)) : 0;
  const sum = records.reduce((total, one) => total + one, 0);
  const told = `${family}: ${count(sum)} records in 7 days${isLate ? `, none for ${age(silent * 3600)}` : ''}`;
  return (
    <div className="strip">
      <span className="strip-name">{family}</span>
      <svg viewBox={`0 0 ${records.length * 10} 14`} preserveAspectRatio="none" role="img" aria-label={told}>
        {records.map((value, at) => (
          // Marks never change places.
          // biome-ignore lint/suspicious/noArrayIndexKey: as above
          <rect
            key={at}
            className={classOf(value, records, at >= records.length - missing)}
            x={at * 10}
            y={0}
            width={9}
            height={14}
          />
        ))}
      </svg>
      <span className={`strips-end${isLate ? ' txt-bad' : ''}`}>
        {isLate ? <b>{age(silent * 3600)}</b> : <Ago at={lastRecord} />}
      </span>
    </div>
  );
}

/** Few, usual, many: against the log's own week, because a thousand is much for one log and little for another. */
function classOf(value: number, records: readonly number[], isMissing: boolean): string {
  if (isMissing && value === 0) return 'heat-gap';
  if (value === 0) return 'heat-0';
  const most = Math.max(...records);
  const share = Math.log1p(value) / Math.log1p(most);
  return `heat-${share > 0.85 ? 4 : share > 0.6 ? 3 : share > 0.3 ? 2 : 1}`;
}

function trailing(records: readonly number[]): number {
  const last = records.findLastIndex((value) => value > 0);
  return records.length - 1 - last;
}

/** The longest run of marks without a record between two with one. */
function longestSilence(records: readonly number[]): number {
  const first = records.findIndex((value) => value > 0);
  const last = records.findLastIndex((value) => value > 0);
  let [longest, run] = [0, 0];
  for (let at = first; at <= last && first >= 0; at++) {
    run = records[at] === 0 ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

export function HeatLegend({ step }: { readonly step: number }) {
  return (
    <p className="heat-legend small muted">
      Records per {step} hours, each log against its own week:{' '}
      {(['none', 'few', 'some', 'usual', 'many'] as const).map((word, at) => (
        <span key={word}>
          <i className={`heat-key heat-key-${at}`} aria-hidden="true" />
          {word}
        </span>
      ))}
      <span>
        <i className="heat-key heat-key-gap" aria-hidden="true" />
        missing
      </span>
    </p>
  );
}
