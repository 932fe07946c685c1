import { defineAction } from '../../contract/action.ts';
import type { ContainerStatus } from '../../docker/docker-types.ts';
import type { Context } from './services.ts';

/**
 * POLL: prints what the VM does, as `STATE=<letter>`: `a` active, `p` paused, `d` gone or off, `e` failed. OpenNebula 7
 * asks no driver any more; the letters are those of its earlier releases.
 */
export const poll = defineAction({
  args: ['deployId', 'host', '...ignored'],
  async run({ deployId, host: hostName }, { hosts, signal }: Context) {
    const host = await hosts.connect(hostName, signal);
    const container = await host.docker.find(deployId, { signal });
    return `STATE=${container ? LETTERS[container.State.Status] : 'd'}`;
  },
});

const LETTERS = {
  running: 'a',
  restarting: 'a',
  paused: 'p',
  created: 'd',
  removing: 'd',
  exited: 'd',
  dead: 'e',
} satisfies Record<ContainerStatus, string>;
