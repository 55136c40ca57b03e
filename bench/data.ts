import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

/** A file of the bench, and what share of its requests a rule can match. */
export interface Mix {
  readonly name: string;
  readonly file: string;
  readonly share: number;
  /** Records. */
  readonly records: number;
}

export const SHARES = [0.001, 0.12, 1] as const;
/** Bytes of the mixes with many hits: each hit costs a hundred times what another record costs. */
const MANY_HITS = 100e6;

const DELETES = /"operationName":"(?:Delete|delete)"/;
const READS = /"operationName":"(?:Read|Query|Upsert|Create|Replace|find|aggregate|update|insert|getMore)"/;

/**
 * The requests of a simulated day, in order of their files, with deletes of items among them in the shares wanted; the records of the
 * control plane stay. So a relevant record is a hit, and every hit is an action of its own.
 */
export function makeMixes(main: string, folder: string, records: number): { mixes: Mix[]; envelopes: Mix } {
  const logs = join(folder, 'logs');
  const words = [main, 'simulate', '--out', logs, '--records', `${records}`];
  if (spawnSync(process.execPath, words, { stdio: 'ignore' }).status !== 0) throw new Error('simulate failed');
  const files = readdirSync(logs, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('PT1H.json'));
  const paths = files.sort().map((name) => join(logs, name));
  const mixes = SHARES.map((share) => writeMix(paths, folder, share));
  const envelopes = join(folder, 'envelopes.json');
  const out = openSync(envelopes, 'w');
  for (const path of paths) writeEnvelopes(out, rareLines(readFileSync(path, 'utf8')));
  closeSync(out);
  return { mixes, envelopes: { ...mixes[0]!, name: 'envelopes', file: envelopes } };
}

function writeMix(paths: readonly string[], folder: string, share: number): Mix {
  const name = `${share * 100} %`;
  const file = join(folder, `mix-${share}.ndjson`);
  const out = openSync(file, 'w');
  let [records, requests, deletes, bytes] = [0, 0, 0, 0];
  for (const path of paths) {
    if (share > 0.01 && bytes > MANY_HITS) break;
    const lines: string[] = [];
    for (const line of readFileSync(path, 'utf8').split('\n')) {
      if (line === '') continue;
      const isDelete = DELETES.test(line);
      if (!isDelete && !READS.test(line)) {
        lines.push(line);
        continue;
      }
      requests += 1;
      const isWanted = deletes < Math.round(requests * share);
      if (isWanted) deletes += 1;
      else if (isDelete) continue;
      lines.push(isWanted ? asDelete(line) : line);
    }
    records += lines.length;
    if (lines.length > 0) bytes += writeSync(out, `${lines.join('\n')}\n`);
  }
  closeSync(out);
  return { name, file, share, records };
}

function asDelete(line: string): string {
  const name = line.includes('"MongoRequests"') ? 'delete' : 'Delete';
  return line.replace(READS, `"operationName":"${name}"`).replace(/"statusCode":"\d+"/, '"statusCode":"204"');
}

/** The records but for most deletes, as in the first mix. */
function rareLines(text: string): string[] {
  return text.split('\n').filter((line, at) => line !== '' && (at % 1000 === 0 || !DELETES.test(line)));
}

/** 200 records to a line. */
function writeEnvelopes(out: number, lines: readonly string[]): void {
  for (let at = 0; at < lines.length; at += 200)
    writeSync(out, `{"records":[${lines.slice(at, at + 200).join(',')}]}\n`);
}

/** Rules in the manner of public ones: an operation and one more term; one in twenty by a part of the operation's name. */
export function writeRules(folder: string, count: number): string {
  mkdirSync(folder, { recursive: true });
  const documents = Array.from({ length: count }, (_, n) => {
    const operation =
      n % 20 === 7 ? `operationName|contains: thing${n}/part` : `operationName: MICROSOFT.THING${n}/PARTS/WRITE`;
    const id = `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`;
    return `title: Generated rule ${n}
id: ${id}
name: generated_${n}
status: test
description: One of many rules that a bench loads.
author: cosmowatch
date: 2026-11-24
logsource: { product: azure, service: activitylogs }
detection:
  selection:
    ${operation}
    callerIpAddress|startswith: '10.${n % 256}.'
  condition: selection
level: low
`;
  });
  for (const [n, text] of documents.entries()) writeFileSync(join(folder, `generated_${n}.yml`), text);
  return folder;
}
