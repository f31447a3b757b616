import { crc32, deflateSync, inflateSync } from 'node:zlib';

/** Rows of pixels, three bytes each. */
interface Image {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
}

/**
 * Returns a screenshot with a palette of at most 256 colours, the most frequent ones, which makes the
 * image of a text about a third as large. The input is an RGB image with 8 bits per channel, as Chromium
 * writes it. Follows the PNG specification (https://www.w3.org/TR/png-3/).
 */
export function withPalette(png: Buffer): Buffer {
  return encode(decode(png));
}

function decode(png: Buffer): Image {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT')
      parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  if (png.readUInt32BE(24) !== 0x08_02_00_00) throw new Error('not an 8-bit RGB image');
  const filtered = inflateSync(Buffer.concat(parts));
  const stride = 3 * width;
  const pixels = Buffer.alloc(stride * height);
  for (let y = 0; y < height; y += 1) {
    const filter = filtered[y * (stride + 1)] ?? 0;
    for (let x = 0; x < stride; x += 1) {
      const left = x < 3 ? 0 : (pixels[y * stride + x - 3] ?? 0);
      const up = y === 0 ? 0 : (pixels[(y - 1) * stride + x] ?? 0);
      const corner = x < 3 || y === 0 ? 0 : (pixels[(y - 1) * stride + x - 3] ?? 0);
      const value = filtered[y * (stride + 1) + 1 + x] ?? 0;
      pixels[y * stride + x] = value + predicted(filter, left, up, corner);
    }
  }
  return { width, height, pixels };
}

/** Returns what a filter subtracted from a byte. */
function predicted(filter: number, left: number, up: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return up;
  if (filter === 3) return (left + up) >> 1;
  const distance = (value: number): number => Math.abs(left + up - corner - value);
  if (distance(left) <= distance(up) && distance(left) <= distance(corner)) return left;
  return distance(up) <= distance(corner) ? up : corner;
}

function encode({ width, height, pixels }: Image): Buffer {
  const counts = new Map<number, number>();
  for (let at = 0; at < pixels.length; at += 3) {
    const color = pixels.readUIntBE(at, 3);
    counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  const colors = [...counts].toSorted(([, one], [, other]) => other - one).map(([color]) => color);
  const palette = colors.slice(0, 256);
  const indexes = new Map(colors.map((color) => [color, nearest(palette, color)]));
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1)
      rows[y * (width + 1) + 1 + x] = indexes.get(pixels.readUIntBE(3 * (y * width + x), 3)) ?? 0;
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 8, 3, 0, 0, 0]);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  return Buffer.concat([
    Buffer.from('\x89PNG\r\n\x1A\n', 'latin1'),
    chunk('IHDR', header),
    chunk('PLTE', Buffer.concat(palette.map((color) => Buffer.from(channels(color))))),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function nearest(palette: readonly number[], color: number): number {
  const distances = palette.map((candidate) => {
    const other = channels(candidate);
    return channels(color).reduce((sum, one, index) => sum + (one - (other[index] ?? 0)) ** 2, 0);
  });
  return distances.indexOf(Math.min(...distances));
}

function channels(color: number): readonly number[] {
  return [color >> 16, (color >> 8) & 255, color & 255];
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const result = Buffer.alloc(12 + data.length);
  result.writeUInt32BE(data.length, 0);
  body.copy(result, 4);
  result.writeUInt32BE(crc32(body), 8 + data.length);
  return result;
}
