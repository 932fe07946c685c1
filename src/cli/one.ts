/** The program behind all of OpenNebula's commands: runs the one by whose name it was called. */
import { main } from './one/main.ts';

process.exitCode = await main(process.argv.slice(1));
