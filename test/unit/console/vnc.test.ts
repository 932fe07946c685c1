import { inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeRaw, encodeZrle } from '../../../src/console/rfb/encodings.ts';
import {
  compactPixelOf,
  parsePixelFormat,
  pixelOf,
  printPixelFormat,
  TRUE_COLOUR,
} from '../../../src/console/rfb/pixel-format.ts';
import { expectedResponse } from '../../../src/console/rfb/vnc-authentication.ts';

it('answers a challenge as the standard has it: DES with the bits of the password in reverse', () => {
  // The key 01 23 45 67 89 AB CD EF turns "Now is t" into 3F A4 0E 8A 98 4D 48 15 (FIPS 81, table B1).
  const password = Buffer.from('80c4a2e691d5b3f7', 'hex').toString('latin1');
  expect(expectedResponse(Buffer.from('Now is tNow is t'), password).toString('hex')).toBe(
    '3fa40e8a984d4815'.repeat(2),
  );
});

describe('pixels', () => {
  const RGB565 = { ...TRUE_COLOUR, bitsPerPixel: 16, depth: 16, redMax: 31, greenMax: 63, blueMax: 31 } as const;
  const rgb565 = { ...RGB565, redShift: 11, greenShift: 5, blueShift: 0 };

  it.each([
    [TRUE_COLOUR, '332211', '33221100'],
    [{ ...TRUE_COLOUR, bigEndian: true }, '112233', '00112233'],
    [{ ...TRUE_COLOUR, redShift: 24, greenShift: 16, blueShift: 8 }, '332211', '00332211'],
    [{ ...TRUE_COLOUR, depth: 32 }, '33221100', '33221100'],
    [rgb565, '0611', '0611'],
    [{ ...rgb565, bigEndian: true }, '1106', '1106'],
  ])('of the format %j', (format, compact, whole) => {
    expect(pixelOf(0x112233, format).toString('hex')).toBe(whole);
    expect(compactPixelOf(0x112233, format).toString('hex')).toBe(compact);
    expect(parsePixelFormat(printPixelFormat(format))).toEqual(format);
  });

  it('by a map of colours are not served', () => {
    const mapped = printPixelFormat(TRUE_COLOUR);
    mapped.writeUInt8(0, 3);
    expect(parsePixelFormat(mapped)).toBeUndefined();
  });
});

describe('a picture', () => {
  const picture = { width: 3, height: 1, palette: [0x000000, 0xffffff, 0x112233], pixels: Uint16Array.of(0, 2, 1) };

  it('in raw encoding is all its pixels', () => {
    expect(encodeRaw(picture, TRUE_COLOUR).toString('hex')).toBe('00000000332211' + '00ffffff00');
  });

  it('in ZRLE has tiles with a palette of their own, in one stream of zlib', () => {
    const [first, second] = [encodeZrle(picture, TRUE_COLOUR, true), encodeZrle(picture, TRUE_COLOUR, false)];
    expect(first.readUInt32BE(0)).toBe(first.length - 4);
    const stream = Buffer.concat([first.subarray(4), second.subarray(4)]);
    const tile = '03' + '000000' + '332211' + 'ffffff' + '18';
    expect(inflateSync(stream, { finishFlush: 2 }).toString('hex')).toBe(tile.repeat(2));
  });
});
