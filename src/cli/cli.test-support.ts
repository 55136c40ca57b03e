import { fixedClock } from '../lib/clock.ts';
import type { CommandSpec } from './command.ts';
import { runProgram } from './program.ts';
import type { Streams } from './streams.ts';

/** When the tests of the command line run. */
export const NOW = Date.parse('2026-11-24T12:00:00Z');

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line as a user would, into texts. */
export async function run(words: readonly string[], given: Partial<Streams> = {}): Promise<Ran> {
  let [out, err] = ['', ''];
  const streams: Streams = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    isOutTerminal: false,
    isErrTerminal: false,
    columns: 80,
    env: {},
    ...given,
  };
  const code = await runProgram(words, streams, fixedClock(NOW));
  return { code, out, err };
}

/** Where people read. */
export const TERMINAL = { isOutTerminal: true, isErrTerminal: true } as const;

/** The long names of a command's options, and whether they take a value. */
export function optionNames(spec: CommandSpec): { readonly name: string; readonly takesValue: boolean }[] {
  return spec.sections.flatMap(({ options }) =>
    options.map(({ flags }) => ({ name: /--[a-z-]+/.exec(flags)![0], takesValue: flags.includes('<') })),
  );
}

const RESOURCE =
  '/subscriptions/00000000-0000-0000-0000-0000000000aa/resourceGroups/rg-shop/providers/Microsoft.DocumentDB/databaseAccounts/orders';

/** An Activity Log record of the Event Hubs export, as one line: keys of `orders` were listed. */
export function keyRead(time: string, more: Readonly<Record<string, unknown>> = {}): string {
  return `${JSON.stringify({
    time,
    resourceId: RESOURCE,
    operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/LISTKEYS/ACTION',
    category: 'Administrative',
    resultType: 'Success',
    correlationId: `10000000-0000-0000-0000-${time.replace(/\D/g, '').slice(2, 14)}`,
    callerIpAddress: '198.51.100.23',
    identity: {
      claims: {
        'http://schemas.microsoft.com/identity/claims/objectidentifier': '30000000-0000-0000-0000-000000000001',
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': 'ann@contoso.example',
        appid: '04b07795-8ddb-461a-bbee-02f9e1bf7b46',
        idtyp: 'user',
      },
    },
    properties: { eventCategory: 'Administrative' },
    ...more,
  })}\n`;
}
