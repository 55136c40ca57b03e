import type { Event, Position } from '../events/event.ts';
import type { Fact } from '../events/fact.ts';
import type { Client, Clients } from '../relate/clients.ts';
import type { Relate } from '../relate/relate.ts';
import type { KeptHit } from './hits.ts';
import type { Intake } from './intake.ts';
import { itemsOf, type Piece, type PieceHead, type PieceTold } from './piece.ts';
import type { Signs, SignTally } from './signs.ts';

export interface GatherDeps {
  readonly signs: Signs;
  readonly intake: Intake;
  readonly relate: Pick<Relate, 'add'>;
  readonly hits: { add(hit: KeptHit, bytes: number): void };
  readonly clients?: Pick<Clients, 'merge'>;
}

/** Puts together what readers of pieces tell, as if one had read all. */
export class Gather {
  readonly #deps: GatherDeps;
  /** By reader: its signs by their numbers. */
  readonly #tallies = new Map<number, SignTally[]>();
  /** The file of the last piece, and its lines so far. */
  #path: string | null = null;
  #lines = 0;

  constructor(deps: GatherDeps) {
    this.#deps = deps;
  }

  /** Lines of the file before this piece. */
  linesBefore({ path }: Piece): number {
    return path === this.#path ? this.#lines : 0;
  }

  /** Only the numbers of new signs: the piece itself does not count. */
  learn(told: PieceTold, reader: number): PieceHead {
    const head = JSON.parse(told.head) as PieceHead;
    const tallies = this.#tallies.get(reader) ?? [];
    this.#tallies.set(reader, tallies);
    for (const sign of head.newSigns) tallies.push(this.#deps.signs.of(sign));
    return head;
  }

  take(piece: Piece, told: PieceTold, reader: number): void {
    const { intake, relate, hits, clients } = this.#deps;
    const head = this.learn(told, reader);
    const tallies = this.#tallies.get(reader)!;
    const { signs, times } = told;
    for (let at = 0; at < signs.length; at++) tallies[signs[at]!]!.add(times[at]!);
    const before = this.linesBefore(piece);
    // Lines of a piece that is not the first count from 2.
    const shift = piece.from > 0 ? before - 1 : 0;
    intake.merge(head, (position) => moved(position, shift));
    for (const { item, bytes } of itemsOf<Event>(told.events))
      relate.add({ ...item, position: moved(item.position, shift) }, bytes);
    for (const { item, bytes } of itemsOf<KeptHit>(told.hits)) hits.add(movedHit(item, shift), bytes);
    for (const { item } of itemsOf<Client>(told.clients)) clients?.merge(movedHit(item, shift));
    this.#path = piece.path;
    this.#lines = before + told.lines;
  }
}

function moved(position: Position, shift: number): Position {
  return shift === 0 ? position : { ...position, line: position.line + shift };
}

function movedHit<T extends { readonly fact: Fact }>(hit: T, shift: number): T {
  if (shift === 0) return hit;
  const evidence = hit.fact.evidence.map((one) => ({ ...one, position: moved(one.position, shift) }));
  return { ...hit, fact: { ...hit.fact, evidence } };
}
