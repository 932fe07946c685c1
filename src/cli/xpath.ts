/** The program that stands for OpenNebula's xpath.rb on a front-end machine. */
import { text } from 'node:stream/consumers';
import { runXPath } from './xpath/command.ts';

const { stdout, stderr, exitCode } = await runXPath(process.argv.slice(2), () => text(process.stdin));
process.stdout.write(stdout);
process.stderr.write(stderr);
process.exitCode = exitCode;
