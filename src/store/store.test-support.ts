import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { UserError } from '../lib/errors.ts';

export const NOW = Date.parse('2026-11-24T12:00:00Z');

/** New folders below one that is removed at the end. */
export function folders(): () => string {
  const root = mkdtempSync(join(tmpdir(), 'cosmowatch-store-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  return () => mkdtempSync(join(root, 'data-'));
}

/** What a call refuses with; fails where it does not. */
export function refusal(call: () => unknown): UserError {
  try {
    call();
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
