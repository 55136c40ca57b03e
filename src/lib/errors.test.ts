import { describe, expect, it } from 'vitest';
import { ERRORS, type ErrorCode, UserError } from './errors.ts';

describe('the table of errors', () => {
  it.each(Object.entries(ERRORS))('%s is written as people read it', (code, { exit, means }) => {
    expect(code).toMatch(/^CW-[1-9]\d{3}$/);
    expect([1, 2]).toContain(exit);
    expect(means).toMatch(/^[a-z][^\n]*[^.\s]$/i);
  });

  it('no two codes mean the same', () => {
    const meanings = Object.values(ERRORS).map(({ means }) => means);
    expect(new Set(meanings).size).toBe(meanings.length);
  });
});

describe('UserError', () => {
  it('has the exit code of its row, no facts and no cure unless they are given', () => {
    const error = new UserError('CW-1002', 'that is wrong');
    expect(error).toMatchObject({ code: 'CW-1002', message: 'that is wrong', exit: 2, facts: [], cure: null });
  });

  it('keeps what it is given', () => {
    const error = new UserError('CW-2001', 'gone', { facts: ['one'], cure: 'look', exit: 4 });
    expect(error).toMatchObject({ facts: ['one'], cure: 'look', exit: 4 });
  });

  it.each(Object.keys(ERRORS) as ErrorCode[])('%s can be thrown and told from other errors', (code) => {
    const error: unknown = new UserError(code, 'x');
    expect(error).toBeInstanceOf(Error);
    expect(error instanceof UserError && error.name).toBe('UserError');
  });
});
