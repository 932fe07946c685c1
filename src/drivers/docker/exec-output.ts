/**
 * Output of an exec without terminal: frames of an 8-byte header (stream number, three zeros, length in big endian) and
 * their data (Engine API, "Attach to a container", stream format).
 */
export function splitExecOutput(frames: Buffer): { readonly stdout: string; readonly stderr: string } {
  const streams: Record<number, Buffer[]> = { 1: [], 2: [] };
  let offset = 0;
  while (offset + HEADER_BYTES <= frames.length) {
    const length = frames.readUInt32BE(offset + 4);
    const start = offset + HEADER_BYTES;
    streams[frames.readUInt8(offset)]?.push(frames.subarray(start, start + length));
    offset = start + length;
  }
  const join = (number: number) => Buffer.concat(streams[number] ?? []).toString('utf8');
  return { stdout: join(1), stderr: join(2) };
}

const HEADER_BYTES = 8;
