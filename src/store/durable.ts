import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What was written to a file so far outlives a power cut. */
function syncFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** The names in a folder outlive a power cut. */
export function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

/** Gives a whole, synced file its name: whoever looks finds the old one or the new one. */
export function renameDurably(from: string, to: string): void {
  syncFile(from);
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** Writes a small file so that it is there whole or not at all. */
export function replaceDurably(path: string, text: string, mode = 0o600): void {
  const written = `${path}.${process.pid}.tmp`;
  try {
    writeFileSync(written, text, { mode });
    renameDurably(written, path);
  } catch (error) {
    rmSync(written, { force: true });
    throw error;
  }
}
