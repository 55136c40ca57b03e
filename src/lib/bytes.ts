const UNITS: Readonly<Record<string, number>> = {
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  TB: 1e12,
  KiB: 2 ** 10,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
  TiB: 2 ** 40,
};

/** Bytes of `500MB`, `20GB` (powers of 1000), `512MiB`, `2GiB` (powers of 1024); null for anything else (also `0MB`, `1.5GB`, `5 MB`). */
export function parseBytes(text: string): number | null {
  const found = /^([1-9][0-9]{0,5})([kMGT]B|[KMGT]iB)$/.exec(text);
  return found ? Number(found[1]) * UNITS[found[2]!]! : null;
}
