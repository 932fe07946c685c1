/** Colours of a terminal as 0xRRGGBB: sixteen named ones, a cube of 216 and 24 greys (xterm, 256colres.h). */

export const DEFAULT_INK = 0xd8d8d8;
export const DEFAULT_PAPER = 0x101418;

/** @param index 0 to 255 */
export function paletteColour(index: number): number {
  const named = NAMED[index];
  if (named !== undefined) return named;
  if (index >= 232) return (8 + (index - 232) * 10) * 0x010101;
  const cube = index - 16;
  const [red, green, blue] = [Math.floor(cube / 36), Math.floor(cube / 6) % 6, cube % 6].map(
    (step) => STEPS[step] ?? 0,
  );
  return ((red ?? 0) << 16) | ((green ?? 0) << 8) | (blue ?? 0);
}

/** Half way between two. */
export function mixed(a: number, b: number): number {
  return ((a & 0xfefefe) >>> 1) + ((b & 0xfefefe) >>> 1);
}

const NAMED = [
  0x101418, 0xd54e53, 0x6aaf50, 0xd7a74a, 0x4f8fd0, 0xb06fc4, 0x42a7a0, 0xc8c8c8, 0x6b7078, 0xff6b70, 0x90d870,
  0xffd060, 0x74b4ff, 0xd893f0, 0x66d8d0, 0xffffff,
];
const STEPS = [0, 95, 135, 175, 215, 255];
