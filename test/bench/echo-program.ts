/** A floor's server in a process of its own: sends the bytes of a file to every request until its stdin ends. */
import { readFile } from 'node:fs/promises';
import { startEcho } from './raw-calls.ts';

await using server = await startEcho(await readFile(process.argv[2] ?? ''));
process.stdout.write(`${server.endpoint}\n`);
await process.stdin.resume().toArray();
