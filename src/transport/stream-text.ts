import type { Readable } from 'node:stream';

/** All text of a stream, once it has ended. @param onOutput  called with each piece as it comes */
export async function collect(stream: Readable, onOutput?: ((chunk: string) => void) | undefined): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) {
    chunks.push(chunk);
    onOutput?.(chunk.toString());
  }
  return Buffer.concat(chunks).toString('utf8');
}
