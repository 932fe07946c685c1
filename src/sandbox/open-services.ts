import { resolve } from 'node:path';
import { createClient } from '../opennebula/client/client.ts';
import { LocalTransport } from '../transport/local.ts';
import type { Configuration } from './configuration.ts';
import { gatherFacts } from './doctor/facts.ts';
import type { Services } from './services.ts';
import type { Testbed } from './testbed.ts';

type Machines = Pick<
  Configuration,
  'name' | 'provider' | 'ssh' | 'vagrant' | 'packageMirror' | 'internet' | 'readyTimeoutSeconds'
>;

/**
 * The real services of a configuration. A provider's code is loaded only when it is asked for.
 * @param folder  from which relative paths count
 */
export async function openServices(configuration: Machines, folder = process.cwd()): Promise<Services> {
  const local = new LocalTransport();
  return {
    testbed: await TESTBEDS[configuration.provider](configuration, folder),
    local,
    facts: () => gatherFacts(local),
    connect: (endpoint, session, options = {}) => createClient({ endpoint, session, ...options }),
  };
}

const TESTBEDS: Readonly<Record<Configuration['provider'], (machines: Machines, folder: string) => Promise<Testbed>>> =
  {
    lxc: async ({ packageMirror, internet, readyTimeoutSeconds }) => {
      const { LxcTestbed } = await import('../../lxc/lxc-testbed.ts');
      return new LxcTestbed({ mirror: packageMirror, internet, readyTimeoutSeconds });
    },
    vagrant: async ({ name, vagrant, readyTimeoutSeconds }, folder) => {
      const { VagrantTestbed } = await import('./vagrant/vagrant-testbed.ts');
      const place = vagrant.folder ?? process.env.VAGRANT_DOTFILE_PATH ?? '.vagrant';
      return VagrantTestbed.open({
        sandbox: name,
        declaration: vagrant,
        folder: resolve(folder, place),
        readyTimeoutSeconds,
      });
    },
    ssh: async ({ ssh, readyTimeoutSeconds }, folder) => {
      const [{ SshTestbed }, { givenServers }] = await Promise.all([
        import('./ssh/ssh-testbed.ts'),
        import('./ssh/given-machines.ts'),
      ]);
      return new SshTestbed({ servers: ssh ? givenServers(ssh, folder) : new Map(), readyTimeoutSeconds });
    },
  };
