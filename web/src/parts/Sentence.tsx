import { Link } from '@tanstack/react-router';
import { Fragment } from 'react';

/** A name that stands in a sentence. */
export interface Entity {
  readonly text: string;
  readonly to?: string;
  readonly search?: Readonly<Record<string, string>>;
  readonly isMono?: boolean;
}

interface SentenceProps {
  readonly text: string;
  readonly entities: readonly Entity[];
  /** Names are links; else they are only set off. */
  readonly links?: boolean;
}

/** A sentence of an alert with the names in it set off. Everything is text: what a log says never becomes markup. */
export function Sentence({ text, entities, links = false }: SentenceProps) {
  return piecesOf(text, entities).map(({ piece, entity, at }) => {
    if (entity === null) return <Fragment key={at}>{piece}</Fragment>;
    const look = entity.isMono ? 'ent ent-ip' : 'ent';
    if (links && entity.to !== undefined)
      return (
        <Link key={at} to={entity.to} search={entity.search ?? {}} className={look}>
          {piece}
        </Link>
      );
    return entity.isMono ? (
      <span key={at} className="mono">
        {piece}
      </span>
    ) : (
      <b key={at}>{piece}</b>
    );
  });
}

interface Piece {
  readonly piece: string;
  readonly entity: Entity | null;
  readonly at: number;
}

/** Longer names first, so that `orders` does not cut `orders-prod` in two; a name only counts as a whole word. */
export function piecesOf(text: string, entities: readonly Entity[]): Piece[] {
  const known = [...entities].filter((one) => one.text.length > 1).sort((a, b) => b.text.length - a.text.length);
  const found: Piece[] = [];
  let plain = 0;
  let at = 0;
  while (at < text.length) {
    const entity = isStart(text, at) ? known.find((one) => isWholeAt(text, at, one.text)) : undefined;
    if (entity === undefined) {
      at += 1;
      continue;
    }
    if (at > plain) found.push({ piece: text.slice(plain, at), entity: null, at: plain });
    found.push({ piece: entity.text, entity, at });
    at += entity.text.length;
    plain = at;
  }
  if (plain < text.length) found.push({ piece: text.slice(plain), entity: null, at: plain });
  return found;
}

const WORD = /[\p{L}\p{N}_-]/u;

function isStart(text: string, at: number): boolean {
  return at === 0 || !WORD.test(text[at - 1]!);
}

function isWholeAt(text: string, at: number, name: string): boolean {
  if (!text.startsWith(name, at)) return false;
  const next = text[at + name.length];
  return next === undefined || !WORD.test(next);
}
