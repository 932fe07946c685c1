/** All text of a stream, once it has ended. @param onOutput  called with each piece as it comes */
export async function collect(
  stream: NodeJS.ReadableStream,
  onOutput?: ((chunk: string) => void) | undefined,
): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    onOutput?.(chunk.toString());
  }
  return Buffer.concat(chunks).toString('utf8');
}
