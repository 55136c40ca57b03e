import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AuditEntry, appendAudit, auditHead, listAudit, RETAINED, verifyAudit } from './audit.ts';
import { Db } from './db.ts';

const ENTRY: AuditEntry = {
  at: 1000,
  by: 'ann@contoso.example',
  what: 'alert.resolved',
  target: 'a1',
  detail: { why: 'a drill' },
};

function logOf(rows: number, at = (i: number): number => i * 1000): Db {
  const db = new Db(':memory:');
  for (let i = 1; i <= rows; i++) appendAudit(db, { ...ENTRY, at: at(i), target: `a${i}` });
  return db;
}

/** What a person with a shell could do to the file. */
function forge(db: Db, sql: string): Db {
  db.exec(`DROP TRIGGER audit_is_written_once; ${sql}`);
  return db;
}

describe('the audit log', () => {
  it('gives back what was put in, newest first and in pages', () => {
    const db = logOf(3);
    expect(listAudit(db, 2).map(({ seq }) => seq)).toEqual([3, 2]);
    expect(listAudit(db, 2, 2)).toMatchObject([{ ...ENTRY, seq: 1, target: 'a1', previous: '' }]);
  });

  it('is a chain: each row has the hash of the one before', () => {
    const [third, second, first] = listAudit(logOf(3), 9);
    expect([second!.previous, third!.previous]).toEqual([first!.hash, second!.hash]);
    expect(new Set([first!.hash, second!.hash, third!.hash]).size).toBe(3);
  });

  it('its rows cannot be changed by the program', () => {
    expect(() => logOf(1).exec("UPDATE audit SET by = 'bob'")).toThrow('never changed');
  });

  it('an empty one is intact', () => {
    expect(verifyAudit(logOf(0))).toEqual({ kind: 'intact', rows: 0, head: null });
  });

  it('an intact one says where it ends', () => {
    const db = logOf(5);
    expect(verifyAudit(db)).toEqual({ kind: 'intact', rows: 5, head: auditHead(db) });
    expect(verifyAudit(db, auditHead(logOf(3)))).toMatchObject({ kind: 'intact' });
  });

  it.each<readonly [string, string, number, string]>([
    ['a name changed', "UPDATE audit SET by = 'bob' WHERE seq = 3", 3, 'it was changed'],
    ['a detail changed', "UPDATE audit SET detail = '{}' WHERE seq = 5", 5, 'it was changed'],
    ['a time changed', 'UPDATE audit SET at = at + 1 WHERE seq = 1', 1, 'it was changed'],
    ['a row taken out', 'DELETE FROM audit WHERE seq = 3', 3, 'row 3 is missing'],
    ['the first row taken out', 'DELETE FROM audit WHERE seq = 1', 1, 'row 1 is missing'],
    [
      'rows moved up',
      'DELETE FROM audit WHERE seq = 3; UPDATE audit SET seq = seq - 1 WHERE seq > 3',
      3,
      'the row before',
    ],
    ['a hash changed', "UPDATE audit SET hash = 'x' WHERE seq = 2", 2, 'it was changed'],
  ])('%s: the first broken row is named', (_name, sql, seq, why) => {
    expect(verifyAudit(forge(logOf(5), sql))).toEqual({ kind: 'broken', seq, why: expect.stringContaining(why) });
  });

  it('rows cut off at the end are found by a head that was noted', () => {
    const db = logOf(5);
    const known = auditHead(db);
    db.exec('DELETE FROM audit WHERE seq > 3');
    expect(verifyAudit(db)).toMatchObject({ kind: 'intact', rows: 3 });
    expect(verifyAudit(db, known)).toEqual({
      kind: 'broken',
      seq: 4,
      why: 'the log ends before row 5, which was there',
    });
  });

  it('a chain that was written anew is found by a head that was noted', () => {
    const anew = logOf(5, (i) => i * 2000);
    expect(verifyAudit(anew, auditHead(logOf(5)))).toMatchObject({ kind: 'broken', seq: 5 });
  });

  it('any entry verifies, and any change of any column of any row is found', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 12 });
    const entry = fc.record({ at: fc.nat(), by: text, what: text, target: text, detail: fc.dictionary(text, text) });
    const change = fc.constantFrom(
      'at = at + 1',
      "by = by || 'x'",
      "what = what || 'x'",
      "target = target || 'x'",
      "detail = detail || ' '",
    );
    fc.assert(
      fc.property(fc.array(entry, { minLength: 1, maxLength: 6 }), fc.nat(), change, (entries, pick, set) => {
        const db = new Db(':memory:');
        for (const one of entries) appendAudit(db, one);
        expect(verifyAudit(db).kind).toBe('intact');
        const seq = (pick % entries.length) + 1;
        expect(verifyAudit(forge(db, `UPDATE audit SET ${set} WHERE seq = ${seq}`))).toMatchObject({
          kind: 'broken',
          seq,
        });
        db.close();
      }),
      { numRuns: 60 },
    );
  });
});

describe('removing old rows', () => {
  const trim = RETAINED[0]!.trim!;

  it('takes the oldest, says so, and what is left verifies', () => {
    const db = logOf(5);
    expect(trim(db, 3000, 100, 9000)).toBe(2);
    expect(listAudit(db, 9).map(({ seq, what }) => [seq, what])).toEqual([
      [6, 'audit.trimmed'],
      [5, 'alert.resolved'],
      [4, 'alert.resolved'],
      [3, 'alert.resolved'],
    ]);
    expect(verifyAudit(db)).toMatchObject({ kind: 'intact', rows: 4 });
    expect(trim(db, 3000, 100, 9000)).toBe(0);
  });

  it('in steps, again and again, to the last row', () => {
    const db = logOf(50);
    let removed = 0;
    for (let step = trim(db, 60_000, 7, 90_000); step > 0; step = trim(db, 60_000, 7, 90_000)) {
      removed += step;
      expect(verifyAudit(db).kind).toBe('intact');
    }
    expect(removed).toBeGreaterThanOrEqual(50);
    appendAudit(db, ENTRY);
    expect(verifyAudit(db).kind).toBe('intact');
  });

  it('a clock that went back takes no row out of the middle', () => {
    const db = logOf(5, (i) => (i === 2 ? 9000 : i * 1000));
    expect(trim(db, 5000, 100, 9000)).toBe(1);
    expect(verifyAudit(db).kind).toBe('intact');
  });

  it('more rows taken away than it says are missed', () => {
    const db = logOf(5);
    trim(db, 3000, 100, 9000);
    db.exec('DELETE FROM audit WHERE seq = 3');
    expect(verifyAudit(db)).toEqual({ kind: 'broken', seq: 3, why: 'row 3 is missing' });
  });
});
