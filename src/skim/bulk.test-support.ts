import { skimModule } from '../app/skimModule.ts';
import { Decoder } from '../events/decode.ts';
import { isKnown, validTimes } from '../events/normalise.ts';
import { number } from '../events/read.ts';
import { parseTime } from '../events/time.ts';
import type { JsonObject } from '../lib/json.ts';
import type { Rng } from '../simulate/rng.ts';
import { BulkReader, type RequestRecords } from './bulk.ts';
import { columnsOf, DAMAGE, type Value } from './skim.test-support.ts';
import { createSkim, type Relevant, type Skimmed } from './skim.ts';

const NOW = Date.UTC(2027, 0, 1);
const TIMES = validTimes(NOW);

/** What was told, in order: a record or why there is none, with its place; or what of it was read without parsing. */
export type Told =
  | { readonly kind: 'record'; readonly value: Value; readonly place: string }
  | { readonly kind: 'invalid'; readonly reason: string; readonly place: string }
  | { readonly kind: 'read'; readonly columns: Omit<Skimmed, 'time'>; readonly time: number | null };

/** Everything that is parsed: what the fast way must agree with. */
export function plainly(bytes: Uint8Array): Told[] {
  const told: Told[] = [];
  const decoder = decoderTo(told);
  decoder.push(bytes);
  decoder.end();
  return told;
}

/** The fast way, with the knowledge of kinds that it has from files before. */
export class Fast {
  /** Records that never left the module's memory. */
  counted = 0;
  /** Who called, when and at what cost, of what was not parsed: a line a record. */
  called: string[] = [];
  #told: Told[] = [];
  readonly #bulk: BulkReader;

  constructor(relevant: Relevant, tellsCallers = false) {
    const requests: RequestRecords = {
      takesMeasures: true,
      learn: (record) => {
        const caller = callerIn(JSON.parse(Buffer.from(record).toString()) as Value);
        return {
          add: (time, walk, at) => {
            const cost = ([0, 1, 2, 3] as const).map((which) => walk.measure(at, which));
            this.called.push(`${caller} at ${time} for ${cost}`);
          },
        };
      },
    };
    this.#bulk = new BulkReader({
      ...(tellsCallers ? { requests } : {}),
      module: skimModule(),
      skim: createSkim(relevant),
      tallyOf: ({ time: _, ...columns }) => ({
        add: (time) => {
          this.#told.push({ kind: 'read', columns, time });
        },
      }),
      onCounted: (records) => {
        this.counted += records;
      },
      times: TIMES,
    });
  }

  /** @param isPlaced whether chunks are put where the reader wants them; none is longer than there is room */
  read(chunks: readonly Uint8Array[], isPlaced: boolean): Told[] {
    this.#told = [];
    this.called = [];
    this.#bulk.open(decoderTo(this.#told));
    for (const chunk of chunks) {
      if (isPlaced) {
        const space = this.#bulk.space();
        space.set(chunk);
        this.#bulk.push(space.subarray(0, chunk.length));
      } else this.#bulk.push(chunk);
    }
    this.#bulk.end();
    return this.#told;
  }
}

const CALLER = [
  ...['statusCode', 'errorCode', 'clientIpAddress', 'address', 'clientIp', 'userAgent'],
  ...['keyType', 'authTokenType', 'authorizationTokenType', 'aadPrincipalId'],
];

/** Milliseconds, request units, bytes of request and answer; NaN: not told. */
function costIn(value: Value): number[] {
  const columns = (value['properties'] ?? {}) as JsonObject;
  const read = (...names: string[]) => number(columns, ...names) ?? Number.NaN;
  return [read('duration', 'durationMs'), read('requestCharge'), read('requestLength'), read('responseLength')];
}

/** Who called, as the record says it. */
function callerIn(value: Value): string {
  const columns = (value['properties'] ?? {}) as Value;
  return JSON.stringify([value['category'], value['resourceId'], ...CALLER.map((name) => columns[name])]);
}

/** Who called of what was parsed, in the same words. */
export function callersIn(told: readonly Told[]): string[] {
  return told.flatMap((one) =>
    one.kind === 'record'
      ? [`${callerIn(one.value)} at ${parseTime(`${one.value['time']}`)} for ${costIn(one.value)}`]
      : [],
  );
}

export function chunksOf(bytes: Uint8Array, size: number): Uint8Array[] {
  const chunks: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) chunks.push(bytes.subarray(at, at + size));
  return chunks;
}

function decoderTo(told: Told[]): Decoder<Skimmed> {
  return new Decoder<Skimmed>({
    known: isKnown,
    skim: null,
    sink: {
      record: (value, line, index) => told.push({ kind: 'record', value, place: `${line}#${index}` }),
      skimmed: ({ time, ...columns }) => told.push({ kind: 'read', columns, time: parseTime(time) }),
      invalid: (reason, line) => told.push({ kind: 'invalid', reason, place: `${line}` }),
    },
  });
}

/** Where the two differ, in words; null: nowhere. */
export function difference(plain: readonly Told[], fast: readonly Told[], relevant: Relevant): string | null {
  if (plain.length !== fast.length) return `${plain.length} told by parsing, ${fast.length} by the fast way`;
  for (const [at, one] of plain.entries()) {
    const other = fast[at]!;
    const isSame =
      other.kind === 'read' && one.kind === 'record' ? isRead(one.value, other, relevant) : isEqual(one, other);
    if (!isSame) return `number ${at}: ${JSON.stringify(one)} by parsing, ${JSON.stringify(other)} by the fast way`;
  }
  return null;
}

function isEqual(one: Told, other: Told): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Is what was read without parsing what parsing reads, and does the record matter to nobody? */
function isRead(value: Value, read: Extract<Told, { kind: 'read' }>, relevant: Relevant): boolean {
  const { time, ...columns } = columnsOf(value);
  return (
    JSON.stringify(columns) === JSON.stringify(read.columns) &&
    parseTime(time) === read.time &&
    !relevant(columns.category, columns.operationName, columns.requestResourceType)
  );
}

/** Reads file after file in both ways, in chunks of any size. */
export function compareMany(
  rng: Rng,
  records: number,
  relevant: Relevant,
): { readonly told: number; readonly counted: number; readonly wrong: string | null } {
  let fast = new Fast(relevant);
  let [told, counted] = [0, 0];
  for (let file = 1; told < records; file++) {
    const bytes = fileOf(rng, 40);
    const plain = plainly(bytes);
    const before = fast.counted;
    const size = rng.pick([1 << 20, 1 + rng.int(3000), 1 + rng.int(100)]);
    const found = fast.read(chunksOf(bytes, size), rng.chance(0.5));
    const wrong = difference(plain, found, relevant);
    told += plain.length;
    counted += fast.counted - before;
    if (wrong !== null) return { told, counted, wrong: `${wrong}\nfile ${file}: ${bytes}` };
    // From time to time everything that is known of kinds and names is forgotten.
    if (file % 100 === 0) fast = new Fast(relevant);
  }
  return { told, counted, wrong: null };
}

const WORDS = [
  ...DAMAGE,
  '"statusCode":',
  '"databaseName":"x",',
  '"errorCode":1,',
  '"Type":"x",',
  '\t',
  '\r',
  '00',
  '\\u00',
  '\\n',
  '\u00a0',
  '\u001f',
  '\f',
  '<empty>',
  'Delete',
  '"a":{"statusCode":"500"},',
  '"a":[1,{"b":[]},"c"],',
  '"STATUSCODE":"404",',
  '"status\\u0043ode":"404",',
  '},{',
  '}{',
];

/** A file of records as logs have them, and of some that are damaged: in lines, envelopes, arrays, over several lines. */
export function fileOf(rng: Rng, records: number): Buffer {
  const lines: string[] = [];
  for (let made = 0; made < records; ) {
    const count = rng.chance(0.05) ? 1 + rng.int(5) : 1;
    lines.push(
      framed(
        rng,
        Array.from({ length: count }, () => recordOf(rng)),
      ),
    );
    made += count;
  }
  const text = lines.join(rng.chance(0.1) ? '\r\n' : '\n') + rng.pick(['', '\n', '\n\n', '\r\n']);
  const bytes = Buffer.from((rng.chance(0.05) ? '\ufeff' : '') + text);
  if (rng.chance(0.2)) bytes[rng.int(bytes.length)] = rng.int(256);
  return rng.chance(0.1) ? bytes.subarray(0, rng.int(bytes.length)) : bytes;
}

function framed(rng: Rng, records: readonly string[]): string {
  const all = records.join(rng.pick([',', ',', ', ']));
  if (records.length === 1)
    return rng.chance(0.9) ? all : rng.pick([`${all},`, `,${all}`, ` ${all} `, `[${all}]`, `{"records":[${all}]}`]);
  return rng.pick([
    `{"records":[${all}]}`,
    `{"records":[${all}]}`,
    `{"value":[${all}]}`,
    `{"records":[${all}`,
    `{"records" : [${all}]}`,
    `{"records":[${all}],"x":1}`,
    `[${all}]`,
    `[\n${records.join(',\n')}\n]`,
    records.join(''),
  ]);
}

function recordOf(rng: Rng): string {
  const text = rng.chance(0.003) ? JSON.stringify(makeRecord(rng), null, 1) : JSON.stringify(makeRecord(rng));
  if (rng.chance(0.85)) return text;
  const at = rng.int(text.length);
  return text.slice(0, at) + rng.pick(WORDS) + text.slice(at + rng.pick([0, 0, 1, 1, 2, 5]));
}

function makeRecord(rng: Rng): object {
  const isMongo = rng.chance(0.3);
  const properties = {
    activityId: rng.uuid(),
    ...(isMongo ? { errorCode: rng.pick(['0', '13', 0]) } : { statusCode: rng.pick(['200', '201', '404', 200, '']) }),
    duration: rng.chance(0.9)
      ? `${rng.int(1000) / 100}`
      : rng.pick(['', '1e3', '-1', '0.1234567890123456', '<empty>', 7.25, null]),
    ...(rng.chance(0.1) && { durationMs: rng.pick(['12', '', 4]) }),
    ...(rng.chance(0.9) && { requestCharge: `${rng.int(99999) / 1000}` }),
    ...(rng.chance(0.9) && { requestLength: rng.int(5000), responseLength: `${rng.int(1e6)}` }),
    ...(rng.chance(0.9) && { databaseName: rng.chance(0.9) ? 'shop' : rng.pick(['café', ' x', '', '<empty>']) }),
    ...(rng.chance(0.9) && {
      collectionName: rng.chance(0.9) ? rng.pick(['carts', 'orders']) : rng.pick(['$cmd', '']),
    }),
    ...(!isMongo && { requestResourceType: rng.pick(['Document', 'Document', 'Collection']) }),
    ...(rng.chance(0.7) && { requestResourceId: `/dbs/shop/colls/carts/docs/${rng.int(9)}` }),
    ...(rng.chance(0.9) && {
      clientIpAddress: rng.pick(['203.0.113.9', '198.51.100.7', '2001:db8::1', '<empty>', '']),
    }),
    ...(isMongo ? rng.chance(0.5) && { address: '203.0.113.8:4711' } : {}),
    ...(rng.chance(0.8) && { [rng.pick(['keyType', 'authTokenType'])]: rng.pick(['PrimaryMaster', 'AadToken', null]) }),
    ...(rng.chance(0.1) && { aadPrincipalId: rng.pick(['a', 'b', '']) }),
    userAgent: rng.pick(['sdk/3.1', 'a "quoted" \\ one', 'x'.repeat(rng.int(70)), 'é\n']),
    ...(rng.chance(0.05) && { piiCommandText: '{"find":"x"}' }),
    ...(rng.chance(0.05) && { more: [1, -2.5e3, { deep: [[]] }, null, true] }),
  };
  return {
    time: timeOf(rng),
    resourceId: `/SUBSCRIPTIONS/S/RESOURCEGROUPS/RG/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/A${rng.int(3)}`,
    category: isMongo
      ? 'MongoRequests'
      : rng.pick([
          'DataPlaneRequests',
          'DataPlaneRequests',
          'DataPlaneRequests',
          'QueryRuntimeStatistics',
          'ControlPlaneRequests',
        ]),
    operationName: rng.pick(['Read', 'Query', 'Create', 'Upsert', 'Delete', 'find', 'delete']),
    ...(rng.chance(0.1) && { level: 4, tenantId: null }),
    properties: rng.chance(0.02) ? JSON.stringify(properties) : properties,
  };
}

function timeOf(rng: Rng): string {
  const day = `2026-${rng.pick(['01', '02', '12', '13'])}-${rng.pick(['01', '28', '29', '31', '00'])}`;
  const fraction = rng.chance(0.95)
    ? rng.pick(['', '.1', '.1234567', '.123456789', '.0000010'])
    : rng.pick(['.', '.12x']);
  const plain = `${day}T${rng.pick(['00', '09', '23', '24'])}:${rng.pick(['00', '59', '60'])}:07${fraction}Z`;
  if (rng.chance(0.9))
    return plain.replace('-13-', '-11-').replace('-00T', '-01T').replace('T24', 'T23').replace(':60:', ':58:');
  return rng.pick([
    plain,
    plain.slice(0, -1),
    `${plain.slice(0, -1)}+02:00`,
    '2099-01-01T00:00:00Z',
    '1999-01-01T00:00:00Z',
    '2026-01-01',
    '',
  ]);
}
