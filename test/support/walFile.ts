/** https://www.sqlite.org/fileformat.html, section 4 */
const HEADER = 32;
const FRAME_HEADER = 24;

/** Where in a write-ahead log each commit ends, of those since it last began anew. Frames of before have another salt. */
export function commitEnds(log: Buffer): number[] {
  if (log.length < HEADER) return [];
  const size = log.readUInt32BE(8);
  const ends: number[] = [];
  for (let at = HEADER; at + FRAME_HEADER + size <= log.length; at += FRAME_HEADER + size) {
    if (log.compare(log, 16, 24, at + 8, at + 16) !== 0) break;
    if (log.readUInt32BE(at + 4) !== 0) ends.push(at + FRAME_HEADER + size);
  }
  return ends;
}
