import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** A PNG of true colour as one of 256 colours: a third of its size, and of a page nobody sees the difference. */
export function withPalette(png: Buffer): Buffer {
  const { width, height, pixels, channels } = decode(png);
  const count = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += channels) {
    const colour = (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!;
    count.set(colour, (count.get(colour) ?? 0) + 1);
  }
  const palette = paletteOf([...count].sort((a, b) => b[1] - a[1]).map(([colour]) => colour));
  const indexOf = new Map(palette.map((colour, index) => [colour, index]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * channels;
      const colour = (pixels[at]! << 16) | (pixels[at + 1]! << 8) | pixels[at + 2]!;
      let index = indexOf.get(colour);
      if (index === undefined) {
        index = nearest(colour, palette);
        indexOf.set(colour, index);
      }
      rows[y * (width + 1) + 1 + x] = index;
    }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3, 0, 0, 0], 8);
  const colours = Buffer.from(palette.flatMap((colour) => [colour >> 16, (colour >> 8) & 255, colour & 255]));
  return Buffer.concat([
    png.subarray(0, 8),
    chunk('IHDR', header),
    chunk('PLTE', colours),
    chunk('IDAT', deflateSync(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Shades of one grey must not crowd out the one green dot: of colours that are nearly the same, one is enough. */
function paletteOf(common: readonly number[]): readonly number[] {
  const palette: number[] = [];
  for (const colour of common.slice(0, 20_000)) {
    if (palette.length === 256) break;
    if (palette.length < 24 || palette.every((other) => distance(colour, other) > 260)) palette.push(colour);
  }
  return palette;
}

function distance(one: number, other: number): number {
  const red = (one >> 16) - (other >> 16);
  const green = ((one >> 8) & 255) - ((other >> 8) & 255);
  const blue = (one & 255) - (other & 255);
  return 2 * red * red + 4 * green * green + blue * blue;
}

function nearest(colour: number, palette: readonly number[]): number {
  let [best, least] = [0, Number.POSITIVE_INFINITY];
  for (let index = 0; index < palette.length; index++) {
    const far = distance(colour, palette[index]!);
    if (far < least) [best, least] = [index, far];
  }
  return best;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length, 0);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body), body.length + 4);
  return whole;
}

/** As Chromium writes them: 8 bits, RGB or RGBA, not interlaced. */
function decode(png: Buffer) {
  const width = png.readUInt32BE(16);
  const height = png.readUInt32BE(20);
  const channels = png[25] === 6 ? 4 : 3;
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; ) {
    const length = png.readUInt32BE(at);
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + length));
    at += length + 12;
  }
  const raw = inflateSync(Buffer.concat(parts));
  const stride = width * channels;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y++) unfilter(raw, y * (stride + 1), pixels, y * stride, stride, channels);
  return { width, height, channels, pixels };
}

/** A line says what of its neighbours it was written against. */
function unfilter(raw: Buffer, from: number, pixels: Buffer, to: number, stride: number, channels: number): void {
  const filter = raw[from]!;
  for (let x = 0; x < stride; x++) {
    const left = x >= channels ? pixels[to + x - channels]! : 0;
    const up = to >= stride ? pixels[to + x - stride]! : 0;
    const corner = x >= channels && to >= stride ? pixels[to + x - stride - channels]! : 0;
    pixels[to + x] = (raw[from + 1 + x]! + guess(filter, left, up, corner)) & 255;
  }
}

function guess(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const near = left + up - corner;
  const [a, b, c] = [Math.abs(near - left), Math.abs(near - up), Math.abs(near - corner)];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
