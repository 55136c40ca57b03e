import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { appendAudit, listAudit, verifyAudit } from './audit.ts';
import { backUp, restore } from './backup.ts';
import { Db } from './db.ts';
import { holdFolder } from './holder.test-support.ts';
import { openStore } from './open.ts';
import { folders, NOW, refusal } from './store.test-support.ts';

const folder = folders();

/** A data folder at rest, with rows of these targets in its audit log. */
function dataWith(...targets: readonly string[]): string {
  const data = folder();
  const { db, close } = openStore(data, NOW);
  for (const target of targets) {
    db.transaction(() => appendAudit(db, { at: NOW, by: 'ann', what: 'test', target, detail: {} }));
  }
  close();
  return data;
}

function targetsIn(data: string): string[] {
  const { db, close } = openStore(data, NOW);
  const targets = listAudit(db, 100).map(({ target }) => target);
  close();
  return targets.reverse();
}

const names = (data: string): string[] => readdirSync(data).sort();

describe('a backup', () => {
  it('of a folder at rest holds everything, for its owner only', () => {
    const file = join(folder(), 'copy.db');
    expect(backUp(dataWith('a', 'b'), file)).toBe(statSync(file).size);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const data = folder();
    restore(data, file, NOW);
    expect(targetsIn(data)).toEqual(['a', 'b']);
  });

  it('of a service that writes is one state of it, and the service goes on', async () => {
    const data = folder();
    const holder = await holdFolder(data);
    const sizes: number[] = [];
    try {
      for (let i = 0; i < 5; i++) {
        const file = join(folder(), 'copy.db');
        backUp(data, file);
        const db = new Db(file);
        const verdict = verifyAudit(db);
        sizes.push(verdict.kind === 'intact' ? verdict.rows : -1);
        expect(Object.values(db.prepare('PRAGMA integrity_check').get()!)).toEqual(['ok']);
        expect(Object.values(db.prepare('PRAGMA auto_vacuum').get()!)).toEqual([2]);
        db.close();
      }
    } finally {
      await holder.kill();
    }
    expect(sizes[0]).toBeGreaterThanOrEqual(3);
    expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => a - b));
  });

  it('leaves out what was deleted', () => {
    const data = dataWith('secret-canary');
    const { db, close } = openStore(data, NOW);
    db.exec('DELETE FROM audit');
    close();
    const file = join(folder(), 'copy.db');
    backUp(data, file);
    expect(readFileSync(join(data, 'cosmowatch.db')).includes('secret-canary')).toBe(true);
    expect(readFileSync(file).includes('secret-canary')).toBe(false);
  });

  it.each<readonly [string, string, (data: string, file: string) => void]>([
    ['a folder without a database', 'CW-4008', (data) => renameSync(join(data, 'cosmowatch.db'), join(data, 'x'))],
    ['a file that is there', 'CW-4008', (_data, file) => writeFileSync(file, 'mine')],
    ['a damaged database', 'CW-4003', (data) => garble(join(data, 'cosmowatch.db'))],
    ['a place that is no folder', 'CW-4008', (_data, file) => writeFileSync(join(file, '..', '..', 'no'), '')],
  ])('%s is refused, and nothing is left of it', (name, code, change) => {
    const data = dataWith(...Array.from({ length: 50 }, (_, i) => `${i}`.padEnd(500, 'x')));
    const place = folder();
    const file = name.startsWith('a place') ? join(place, '..', 'no', 'copy.db') : join(place, 'copy.db');
    change(data, file);
    const before = names(place);
    expect(refusal(() => backUp(data, file)).code).toBe(code);
    expect(names(place)).toEqual(before);
  });
});

function garble(path: string): void {
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0xa5, 4096 * 3, 4096 * 8));
}

function changed(file: string, change: () => void): string {
  change();
  return file;
}

describe('restoring', () => {
  function backupOf(...targets: readonly string[]): string {
    const file = join(folder(), 'copy.db');
    backUp(dataWith(...targets), file);
    return file;
  }

  it('keeps what was there beside', () => {
    const data = dataWith('old');
    const before = restore(data, backupOf('new'), NOW);
    expect(targetsIn(data)).toEqual(['new']);
    const other = folder();
    copyFileSync(before!, join(other, 'cosmowatch.db'));
    expect(targetsIn(other)).toEqual(['old']);
  });

  it('cures a damaged database, and keeps that beside too', () => {
    const data = dataWith('old');
    writeFileSync(join(data, 'cosmowatch.db'), 'not any more');
    writeFileSync(join(data, 'cosmowatch.db-wal'), 'nor this');
    const before = restore(data, backupOf('new'), NOW)!;
    expect(targetsIn(data)).toEqual(['new']);
    expect([readFileSync(before, 'utf8'), readFileSync(`${before}-wal`, 'utf8')]).toEqual(['not any more', 'nor this']);
  });

  it('into an empty folder has nothing to keep', () => {
    const data = join(folder(), 'new');
    expect(restore(data, backupOf('a'), NOW)).toBeNull();
    expect(targetsIn(data)).toEqual(['a']);
  });

  it('the log of a killed service does not get into what is restored', async () => {
    const data = folder();
    const holder = await holdFolder(data);
    await holder.kill();
    expect(existsSync(join(data, 'cosmowatch.db-wal'))).toBe(true);
    const before = restore(data, backupOf('new'), NOW)!;
    expect(targetsIn(data)).toEqual(['new']);
    // What was moved aside is whole, with its log: it can be restored in its turn.
    restore(data, before, NOW);
    expect(targetsIn(data).slice(0, 3)).toEqual(['z', 'z', 'z']);
  });

  it('a folder in use is refused and goes on', () => {
    const file = backupOf('new');
    const data = dataWith('old');
    const running = openStore(data, NOW);
    expect(refusal(() => restore(data, file, NOW)).code).toBe('CW-4001');
    expect(listAudit(running.db, 9).map(({ target }) => target)).toEqual(['old']);
    running.close();
  });

  it.each<readonly [string, (file: string, data: string) => string]>([
    ['a file that is none', (file) => changed(file, () => writeFileSync(file, 'text'))],
    ['a damaged backup', (file) => changed(file, () => garble(file))],
    ['half a backup', (file) => changed(file, () => writeFileSync(file, readFileSync(file).subarray(0, 8192)))],
    ['no file', (file) => `${file}.gone`],
    ['a folder', (file) => changed(`${file}.d`, () => mkdirSync(`${file}.d`))],
    ['the database itself', (_file, data) => join(data, 'cosmowatch.db')],
  ])('%s is refused, and the folder is as it was', (_name, make) => {
    const data = dataWith('old');
    const file = make(backupOf(...Array.from({ length: 50 }, (_, i) => `${i}`.padEnd(500, 'x'))), data);
    const error = refusal(() => restore(data, file, NOW));
    expect([error.code, error.facts.at(-1)]).toEqual(['CW-4009', 'the data folder is as it was']);
    expect(names(data)).toEqual(['cosmowatch.db', 'lock']);
    expect(targetsIn(data)).toEqual(['old']);
  });

  // What a kill leaves after each of its steps, in their order.
  it.each<readonly [string, (data: string, file: string) => void, string]>([
    ['while copying', (data, file) => copyFileSync(file, join(data, 'cosmowatch.db.restoring.tmp')), 'old'],
    ['before anything was moved', (data, file) => copyFileSync(file, join(data, 'cosmowatch.db.restoring')), 'new'],
    [
      'when the old one was moved',
      (data, file) => {
        copyFileSync(file, join(data, 'cosmowatch.db.restoring'));
        renameSync(join(data, 'cosmowatch.db'), join(data, 'cosmowatch.db.before-x'));
      },
      'new',
    ],
  ])('a kill %s leaves the old database or the new one', (_name, kill, expected) => {
    const data = dataWith('old');
    kill(data, backupOf('new'));
    expect(targetsIn(data)).toEqual([expected]);
    expect(existsSync(join(data, 'cosmowatch.db.restoring'))).toBe(false);
  });
});
