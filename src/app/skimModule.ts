import { readFileSync } from 'node:fs';

let bytes: Uint8Array | null = null;

/** The WebAssembly module of the skim, which `scripts/wasm.ts` builds. */
export function skimModule(): Uint8Array {
  bytes ??= readFileSync(new URL('../skim/skim.wasm', import.meta.url));
  return bytes;
}
