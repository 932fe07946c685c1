import type { Readable } from 'node:stream';

/** The JSON values of a stream in which each ends with a line feed, as they come. */
export async function* jsonLines<Value>(stream: Readable): AsyncGenerator<Value> {
  let rest = '';
  stream.setEncoding('utf8');
  for await (const chunk of stream) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line);
  }
  if (rest.trim() !== '') yield JSON.parse(rest);
}
