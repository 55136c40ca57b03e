import { comparePosition, type Event, HOUR, SECOND } from '../events/event.ts';
import { compareText } from '../lib/compare.ts';
import { identity } from '../lib/hash.ts';
import { type Json, objectIn } from '../lib/json.ts';
import { fill, mergeCopies } from './merge.ts';
import { PHASE_ORDER, STRENGTH, type Telling } from './telling.ts';

/** Callers may choose correlation and activity ids, so an id that comes back a day later is another action. */
const HORIZON = 24 * HOUR;
const NEXT_START = 2 * SECOND;

/** What records are grouped by before they are joined: their action's key, or the record itself. */
export function groupKey(event: Event): string {
  return event.actionKey ?? `\u001frecord\u001f${event.recordId}`;
}

/** Brings all records of one action, and all copies of one record, together; a total order. */
export function byGroup(a: Event, b: Event): number {
  return compareText(groupKey(a), groupKey(b)) || compareText(a.recordId, b.recordId) || byRecord(a, b);
}

function byRecord(a: Event, b: Event): number {
  return (
    a.time - b.time ||
    PHASE_ORDER[a.outcome] - PHASE_ORDER[b.outcome] ||
    compareText(a.recordId, b.recordId) ||
    comparePosition(a.position, b.position)
  );
}

/** All tellings of one group of records (equal `groupKey`). The order of the records does not matter. */
export function joinPhases(records: readonly Event[]): { readonly tellings: Telling[]; readonly duplicates: number } {
  const byId = Map.groupBy(records, (record) => record.recordId);
  const merged: Event[] = [];
  let duplicates = 0;
  for (const copies of byId.values()) {
    const one = mergeCopies(copies);
    merged.push(one.event);
    duplicates += one.duplicates;
  }
  merged.sort(byRecord);
  return { tellings: split(merged).map(toTelling), duplicates };
}

/**
 * One id may stand for several actions. A new one begins where a Start follows, at least 2 s later, a Success or Failure; where
 * neighbours lie more than 24 h apart; and, in ControlPlaneRequests, where a second Complete or bare record follows the first at a
 * later second.
 */
function split(records: readonly Event[]): Event[][] {
  const parts: Event[][] = [];
  let part: Event[] = [];
  for (const record of records) {
    if (part.length > 0 && startsAnother(part, record)) {
      parts.push(part);
      part = [];
    }
    part.push(record);
  }
  if (part.length > 0) parts.push(part);
  return parts;
}

function startsAnother(part: readonly Event[], record: Event): boolean {
  if (record.time - part.at(-1)!.time > HORIZON) return true;
  if (isStart(record)) {
    const ended = part.findLast(isEnd);
    return ended !== undefined && record.time - ended.time >= NEXT_START;
  }
  if (record.family !== 'ControlPlaneRequests') return false;
  const first = part.find((earlier) => earlier.phase !== 'start');
  return first !== undefined && second(record) > second(first);
}

function isStart(record: Event): boolean {
  return record.family === 'ControlPlaneRequests' ? record.phase === 'start' : record.outcome === 'started';
}

function isEnd(record: Event): boolean {
  return !isStart(record) && (record.outcome === 'success' || record.outcome === 'failure');
}

function second(record: Event): number {
  return Math.floor(record.time / SECOND);
}

function toTelling(records: readonly Event[], index: number): Telling {
  const first = records[0]!;
  const strongest = [...records].sort(
    (a, b) => STRENGTH[b.outcome] - STRENGTH[a.outcome] || phaseRank(a) - phaseRank(b) || byRecord(a, b),
  );
  const event = fill(strongest);
  return {
    // The first action of an id has no ordinal, so that it keeps its id when a later one is found.
    id: index === 0 ? identity(groupKey(first)) : identity(groupKey(first), second(first)),
    family: event.family,
    time: first.time,
    last: records.at(-1)!.time,
    outcome: event.outcome,
    event,
    columns: event.family === 'ControlPlaneRequests' ? columns(strongest) : null,
    evidence: {
      id: event.recordId,
      time: event.time,
      family: event.family,
      action: event.action,
      outcome: event.outcome,
      position: event.position,
    },
  };
}

/** A Complete record says more than the Start record of the same outcome. */
function phaseRank(record: Event): number {
  return record.phase === 'start' ? 1 : 0;
}

/** Column by column from Complete, then from Start. Names in lower case; an empty text is no value, unless it is all there is. */
function columns(records: readonly Event[]): Readonly<Record<string, Json>> {
  const complete = [...records].sort((a, b) => phaseRank(a) - phaseRank(b) || byRecord(a, b));
  const merged: Record<string, Json> = Object.create(null);
  for (const record of complete) {
    const source = objectIn(record.raw, 'properties') ?? record.raw;
    for (const [name, value] of Object.entries(source)) {
      const key = name.toLowerCase();
      if (merged[key] === undefined || merged[key] === null || merged[key] === '') merged[key] = value;
    }
  }
  return merged;
}
