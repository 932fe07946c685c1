/** `npm run box`: a box for `vagrant up --provider=lxc` that needs no Internet. Needs root, as the layers do. */
import { presentError } from '../../src/errors/present.ts';
import { LocalTransport } from '../../src/transport/local.ts';
import { DEFAULT_PLACES } from '../names.ts';
import { BOX_NAME, ensureBox } from './box.ts';

try {
  await using local = new LocalTransport();
  const say = (line: string) => process.stderr.write(`${line}\n`);
  const box = await ensureBox({ local, places: DEFAULT_PLACES, mirror: undefined }, say);
  process.stdout.write(`${box}\n`);
  say(`Give it to Vagrant:\n  vagrant box add --force --name ${BOX_NAME} ${box}`);
} catch (error) {
  process.stderr.write(`${presentError(error)}\n`);
  process.exitCode = 1;
}
