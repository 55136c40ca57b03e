import { painter } from './style.ts';
import { plural, visible, widthOf, wrap } from './text.ts';

export interface DifferentField {
  readonly name: string;
  readonly expected: string;
  readonly got: string;
}

interface Field {
  readonly name: string;
  readonly value: string;
}

/** How the alerts of a case are not as its timeline expects. */
export type AlertDifference =
  | {
      readonly kind: 'different';
      readonly nth: number;
      readonly at: string;
      readonly fields: readonly DifferentField[];
    }
  | { readonly kind: 'missing'; readonly nth: number; readonly fields: readonly Field[] }
  | { readonly kind: 'unexpected'; readonly fields: readonly Field[] };

interface Look {
  readonly width: number;
  readonly colour: boolean;
}

/** A case that is not as expected: its place, then what was expected beside what came, field by field. */
export function differenceLines(
  { place, name }: { readonly place: string; readonly name: string },
  differences: readonly AlertDifference[],
  look: Look,
): string[] {
  const paint = painter(look.colour);
  const head = `${visible(place)}: ${visible(name)}`;
  return [
    ...wrap(head, look.width).map((line) => paint(line, 'bold')),
    ...differences.flatMap((one) => oneLines(one, look)),
    '',
  ];
}

function oneLines(one: AlertDifference, look: Look): string[] {
  switch (one.kind) {
    case 'different':
      return [
        `  alert ${one.nth}, expected at ${one.at}: ${plural(one.fields.length, 'field differs', 'fields differ')}`,
        ...fieldTable(one.fields, look),
      ];
    case 'missing':
      return [`  alert ${one.nth} did not come`, ...fieldList('expected', one.fields, look)];
    case 'unexpected':
      return ['  an alert that was not expected', ...fieldList('got', one.fields, look)];
  }
}

const INDENT = 4;

function fieldTable(fields: readonly DifferentField[], { width, colour }: Look): string[] {
  const paint = painter(colour);
  const nameWidth = Math.max(...fields.map(({ name }) => name.length)) + 2;
  return fields.flatMap(({ name, expected, got }) => {
    const indent = ' '.repeat(INDENT + nameWidth);
    const room = width - INDENT - nameWidth - 10;
    const wanted = wrap(visible(expected), room);
    const came = wrap(visible(got), room).map((line) => paint(line, 'red'));
    return [
      `${' '.repeat(INDENT)}${name.padEnd(nameWidth)}expected  ${wanted[0]}`,
      ...wanted.slice(1).map((line) => `${indent}${' '.repeat(10)}${line}`),
      ...came.map((line, at) => `${indent}${(at === 0 ? 'got' : '').padEnd(10)}${line}`),
    ];
  });
}

function fieldList(what: string, fields: readonly Field[], { width }: Look): string[] {
  const text = fields.map(({ name, value }) => `${name} ${visible(value)}`).join(', ');
  const head = `${' '.repeat(INDENT)}${what.padEnd(10)}`;
  return wrap(text, width - widthOf(head)).map((line, at) => (at === 0 ? head : ' '.repeat(widthOf(head))) + line);
}
