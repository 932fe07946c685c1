/** The program that writes a remotes folder: `write-remotes.ts <folder> <node> <bundle>`, see `installRemotes`. */
import { installRemotes } from './contract/install-remotes.ts';
import { driverTable } from './table.ts';

const [root = '', nodePath = '', bundlePath = ''] = process.argv.slice(2);
await installRemotes(root, driverTable, { nodePath, bundlePath });
