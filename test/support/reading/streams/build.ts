import { cdbRow, exported, restEvent, type Stamp } from './forms.ts';
import { type Act, hasBody, type RequestTelling, type Telling } from './telling.ts';

export type Line = {
  readonly record: object;
  /** Readable, for when a law fails. */
  readonly note: string;
};

/** An act and the seconds since the start of the one before. */
export interface Step {
  readonly gap: number;
  readonly act: Act;
}

/** 2026-01-05T00:00:00Z, and a day for tellings that start before their act. */
export const START = Date.parse('2026-01-05T00:00:00Z');

/** All records of a stream, in the order of their acts. No two actions start in the same second: ties are broken by hashes. */
export function build(steps: readonly Step[]): Line[] {
  const taken = new Set<number>();
  const ids = new Map<string, { readonly id: string; readonly isTied: boolean }>();
  const lines: Line[] = [];
  let now = 86_400;
  for (const [index, { gap, act }] of steps.entries()) {
    now += gap;
    const who = act.tellings.map(signature).join();
    const own = { id: String(index).padStart(4, '0'), isTied: act.isTied };
    const used = (act.reusesIds ? ids.get(who) : undefined) ?? own;
    ids.set(who, used);
    for (const [place, telling] of act.tellings.entries()) {
      let start = now + telling.delta;
      const begins = beginningsOf(telling);
      while (begins.some((after) => taken.has(start + after))) start += 1;
      for (const after of begins) taken.add(start + after);
      lines.push(...linesOf(telling, start, stampOf(used.id, place, used.isTied)));
    }
  }
  return lines;
}

/** Seconds at which an action may begin: one id can come to stand for several. */
function beginningsOf(telling: Telling): number[] {
  if (!('phases' in telling)) return [0];
  const phases: readonly { readonly after: number; readonly status?: string; readonly suffix?: string }[] =
    telling.phases;
  return phases
    .filter(({ status, suffix }, n) => n === 0 || status === 'Start' || suffix === 'Complete')
    .map(({ after }) => after);
}

/** Milliseconds. Whole quarters of a second, equal for starts that lie a multiple of four seconds apart, as all thresholds do. */
function fraction(start: number): number {
  return [0, 0, 250, 500][start % 4]!;
}

function signature(telling: Telling): string {
  const what = 'resource' in telling ? telling.resource : 'account' in telling ? telling.account : telling.vault;
  const how = 'body' in telling ? `${telling.method} ${telling.who.id} ${JSON.stringify(telling.body)}` : '';
  return `${telling.log} ${telling.operation} ${what} ${how}`.toLowerCase();
}

function stampOf(id: string, place: number, isTied: boolean): Stamp {
  return {
    correlation: `10000000-0000-0000-0000-00000000${id}`,
    request: `20000000-0000-0000-000${isTied ? 9 : place}-00000000${id}`,
    activity: `20000000-0000-0000-000${isTied ? 9 : place}-00000000${id}`,
  };
}

function linesOf(telling: Telling, start: number, stamp: Stamp): Line[] {
  const moments = 'phases' in telling ? telling.phases.map(({ after }) => after) : [0];
  return moments.flatMap((after, phase) => {
    const time = new Date(START + (start + after) * 1000 + fraction(start)).toISOString();
    const records: object[] = [];
    if (telling.forms !== 'export') records.push(...rich(telling, phase, time, stamp));
    if (telling.forms !== 'rich' || records.length === 0) records.push(exported(telling, phase, time, stamp));
    const note = noteOf(telling, phase, start + after - 86_400, stamp);
    const copies = Array.from({ length: phase === 0 ? telling.copies : 1 }, () => records).flat();
    return copies.map((record) => ({ record, note: `${note} ${formOf(record)}` }));
  });
}

function rich(telling: Telling, phase: number, time: string, stamp: Stamp): object[] {
  if (telling.log === 'audit') return [];
  return [telling.log === 'arm' ? restEvent(telling, phase, time, stamp) : cdbRow(telling, phase, time, stamp)];
}

function formOf(record: object): string {
  return 'eventTimestamp' in record ? 'rest' : 'Type' in record ? 'row' : 'export';
}

function noteOf(telling: Telling, phase: number, offset: number, stamp: Stamp): string {
  const at = `${offset}`.padStart(8);
  switch (telling.log) {
    case 'arm': {
      const { status } = telling.phases[phase]!;
      const body = hasBody(telling, phase) ? ` ${JSON.stringify(telling.body)}` : '';
      const who = `${telling.who.name} ${telling.method}`;
      return `${at} ARM ${short(telling.operation)} ${short(telling.resource)} ${status} ${who} ${tail(stamp.correlation)} request=${tail(stamp.request)}${body}`;
    }
    case 'control': {
      const { suffix, code } = telling.phases[phase]!;
      const target = short(telling.uri ?? telling.account);
      return `${at} CTL ${telling.operation}${suffix} ${target} ${code} activity=${tail(stamp.activity)} ${JSON.stringify(telling.columns)}`;
    }
    case 'request':
    case 'mongo': {
      const what =
        telling.log === 'request'
          ? `DATA${sumOf(telling)} ${telling.operation} ${telling.type}`
          : `MONGO ${telling.operation}`;
      return `${at} ${what} ${short(telling.account)} ${telling.database}/${telling.container} ${telling.code} ${telling.ip} ${tail(stamp.activity)}`;
    }
    case 'audit': {
      const attributes = JSON.stringify(telling.attributes);
      return `${at} VAULT ${telling.operation} ${telling.vault}/${telling.object} ${telling.code} ${telling.who.name} ${attributes}`;
    }
  }
}

function sumOf({ sum }: RequestTelling): string {
  return sum === undefined ? '' : `${sum.minutes}M*${sum.count}`;
}

function short(text: string): string {
  return text.replace(/^\/subscriptions\/[^/]+/, '').replace(/(\/resourceGroups)|(\/?providers\/)|(Microsoft\.)/gi, '');
}

function tail(id: string): string {
  return `${id.slice(22, 23)}${id.slice(-4)}`;
}
