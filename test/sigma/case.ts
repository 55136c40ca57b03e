import type { JsonObject } from '../../src/lib/json.ts';

/*
 * Cases of what a rule means. They are tests (`points.test.ts`), and docs/sigma.md is made of them.
 */

/** What rules do with events. `text` is a file of rules. */
export type Case = { readonly name: string; readonly text: string } & (
  | { readonly kind: 'matches'; readonly yes: readonly JsonObject[]; readonly no: readonly JsonObject[] }
  /** Events with their second; a line an alert: the correlation, its key, from when to when, how many. */
  | {
      readonly kind: 'raises';
      readonly events: readonly (readonly [number, JsonObject])[];
      readonly end: number;
      readonly alerts: readonly string[];
    }
  /** The errors, with their place. None: the text is accepted. */
  | { readonly kind: 'errors'; readonly errors: readonly string[] }
  | { readonly kind: 'warnings'; readonly codes: readonly string[] }
  /** Titles of the rules that raise alerts by themselves. */
  | { readonly kind: 'alerting'; readonly titles: readonly string[] }
);

export interface Point {
  /** What the specification leaves open, or what is often got wrong. */
  readonly about: string;
  readonly decision: string;
  readonly cases: readonly Case[];
}

/** The lists behind `%placeholders%`. */
export const LISTS = { admins: ['ann', 'b*'], ranges: ['10.0.0.0/8', 'fd00::/8'], empty: [], dots: ['a.b'] };

/** A rule around the lines of one selection, which begin at line 5, column 5. */
export function selecting(lines: string): string {
  return detecting(`selection:\n${indented(lines, 2)}`, 'selection');
}

/** A rule around selections and a condition. */
export function detecting(selections: string, condition: string): string {
  return `title: T
logsource: {product: azure, service: cosmosdb}
detection:
${indented(selections, 2)}
  condition: ${condition}
`;
}

function indented(text: string, by: number): string {
  return text.replace(/^/gm, ' '.repeat(by));
}

/** A correlation `C` of the rules `a`, `b` and `c`, which match an event that says so in `is`. */
export function correlating(lines: string, more = ''): string {
  const base = (name: string): string =>
    `---\ntitle: ${name}\nname: ${name}\nlogsource: {product: azure}\ndetection: {s: {is: ${name}}, condition: s}\n`;
  return `title: C
correlation:
${indented(lines, 2)}
${more}${['a', 'b', 'c'].map(base).join('')}`;
}

/** One line of a selection, an event that it matches, and one that it does not. */
export function line(name: string, lines: string, yes: JsonObject, no: JsonObject): Case {
  return { kind: 'matches', name, text: selecting(lines), yes: [yes], no: [no] };
}

export function condition(name: string, selections: string, text: string, yes: JsonObject[], no: JsonObject[]): Case {
  return { kind: 'matches', name, text: detecting(selections, text), yes, no };
}

export function refused(name: string, text: string, ...errors: readonly string[]): Case {
  return { kind: 'errors', name, text, errors };
}

export function accepted(name: string, text: string): Case {
  return { kind: 'errors', name, text, errors: [] };
}

export function warned(name: string, text: string, ...codes: readonly string[]): Case {
  return { kind: 'warnings', name, text, codes };
}

/** `a0 b5.u=x`: what an event is, its second, and other fields. */
export function raised(name: string, text: string, events: string, end: number, ...alerts: readonly string[]): Case {
  const read = events.split(' ').map((word): readonly [number, JsonObject] => {
    const [head = '', ...fields] = word.split('.');
    const pairs = fields.map((field) => field.split('=') as [string, string]);
    return [Number(head.slice(1)), Object.fromEntries([['is', head[0]!], ...pairs])];
  });
  return { kind: 'raises', name, text, events: read, end, alerts };
}
