import { catalogue } from '../../errors/onedock-error.ts';

export const fail = catalogue({
  VAGRANT_MISSING: {
    what: 'There is no Vagrant on this machine.',
    why: 'With `provider: vagrant` it makes the machines.',
    todo: 'Install it with the plugin of a provider (Debian: vagrant with vagrant-lxc or vagrant-libvirt), or choose another `provider` in sandbox.yaml.',
  },
  VAGRANT_MACHINE_UNREACHABLE: {
    what: (at: { machine: string; folder: string }) =>
      `Vagrant has started ${at.machine}, and has not said how to reach it.`,
    why: (at: { machine: string; folder: string }) => `Its trigger should have written a file below ${at.folder}.`,
    todo: 'Another Vagrantfile may have been used (VAGRANT_VAGRANTFILE), or the plugin vagrant-triggers keeps triggers from running: take it away.',
  },
});
