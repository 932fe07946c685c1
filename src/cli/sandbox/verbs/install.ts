import { defineCommand } from '../command.ts';
import {
  agreeTo,
  installationDocument,
  installationText,
  progressOf,
  RESTART,
  ROOT_OPTION,
} from '../output/installation-text.ts';
import { answer } from '../site.ts';

export const install = defineCommand({
  name: 'install',
  summary: 'Bring the drivers to an OpenNebula front-end that is there',
  description:
    'Places the drivers below the remotes folder, adds them to oned.conf, monitord.conf and vmm_execrc, and sets up a registry unless one is given. What changes in OpenNebula’s own files is shown first, and a copy of each is kept. A second run finds nothing to do; one that was cut short is gone on with by the next. OpenNebula is not restarted unless that is asked for.',
  arguments: {},
  options: {
    root: ROOT_OPTION,
    registry: { kind: 'text', value: 'SERVER', summary: 'A registry that is there, as `registry.example.org:5000`.' },
    registryUser: { kind: 'text', value: 'USER', summary: 'User of that registry.' },
    registryPasswordFile: { kind: 'text', value: 'FILE', summary: 'File that holds the user’s password.' },
    registryCa: { kind: 'text', value: 'FILE', summary: 'Authority that signed the registry’s certificate (PEM).' },
    registryCapacity: {
      kind: 'count',
      value: 'MB',
      summary: 'How much that registry can hold; any large number where it has no limit.',
    },
    restart: { kind: 'flag', summary: 'Restart OpenNebula when something was changed.' },
    yes: { kind: 'flag', short: 'y', summary: 'Do not ask.' },
    dryRun: { kind: 'flag', summary: 'Show what would be changed, and change nothing.' },
  },
  examples: [
    { line: 'install', what: 'On the front-end: shows the changes, asks, and makes them.' },
    { line: 'install --dry-run', what: 'Only shows them.' },
    {
      line: 'install --registry registry.example.org --registry-capacity 500000 --registry-user one --registry-password-file /root/password --yes',
      what: 'With a registry that is there.',
    },
  ],
  needsRoot: true,
  async run(call) {
    const { options, console } = call;
    const { openInstallation } = await import('../../../install/open-installation.ts');
    const { planInstall } = await import('../../../install/install.ts');
    const { bundleDrivers } = await import('../../../install/programs.ts');
    const installation = openInstallation(options.root, console.workingDirectory);
    const { registry: server, registryUser: user, registryPasswordFile, registryCa, registryCapacity } = options;
    const registry = {
      server,
      user,
      passwordFile: installation.file(registryPasswordFile),
      caFile: installation.file(registryCa),
      capacityMb: registryCapacity,
    };
    const request = { ...installation, registry, node: process.execPath, programs: bundleDrivers };
    const draft = await planInstall({ ...request, forGood: false });
    const next = [
      ...(options.restart ? [] : [RESTART.argv.join(' ')]),
      'onehost create <host> --im onedock --vm onedock',
    ];
    const isNothing = draft.changes.length === 0;
    if (options.dryRun || isNothing) {
      const done = isNothing ? 'The drivers are installed; nothing is to be changed.' : 'Nothing was changed.';
      answer(call, installationDocument(draft, { changed: false }), () => installationText(draft, done));
      return;
    }
    await agreeTo(call, draft, 'Make these changes?');
    const plan = await planInstall({ ...request, forGood: true });
    await installation.make([...plan.changes, ...(options.restart ? [RESTART] : [])], progressOf(call));
    answer(call, installationDocument(plan, { changed: true, next }), () =>
      ['The drivers are installed.', '', 'Next:', ...next.map((line) => `  ${line}`)].join('\n'),
    );
  },
});
