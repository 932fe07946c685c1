/** A program that makes a sandbox, to be killed while it does: `testbed-program.ts <sandbox> <third octet>`. */
import { LxcTestbed } from '../../lxc/lxc-testbed.ts';
import { testbedSpecification } from './testbed-specification.ts';

const [name = '', octet = ''] = process.argv.slice(2);
const { networks, machine } = testbedSpecification(name, Number(octet));
const testbed = new LxcTestbed();
await testbed.ensureImages(() => {});
process.stdout.write('begun\n');
await testbed.ensureNetworks(networks);
await Promise.all(['frontend', 'host-1'].map((each) => testbed.ensureMachine(machine(each), () => {})));
process.stdout.write('done\n');
