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

export const uninstall = defineCommand({
  name: 'uninstall',
  summary: 'Take the drivers out of an OpenNebula front-end again',
  description:
    'Takes out what `install` has brought, and gives OpenNebula’s files back as they were; what others have changed in them since stays. While hosts, datastores or networks go by the drivers it refuses. Debian’s packages stay, and so do the images of a registry that `install` has set up unless --purge is said.',
  arguments: {},
  options: {
    root: ROOT_OPTION,
    purge: { kind: 'flag', summary: 'Remove the images of that registry as well.' },
    force: { kind: 'flag', summary: 'Also while OpenNebula uses the drivers, or does not answer.' },
    restart: { kind: 'flag', summary: 'Restart OpenNebula when something was changed.' },
    yes: { kind: 'flag', short: 'y', summary: 'Do not ask.' },
    dryRun: { kind: 'flag', summary: 'Show what would be removed, and remove nothing.' },
  },
  examples: [
    { line: 'uninstall', what: 'On the front-end: shows what goes, asks, and removes it.' },
    { line: 'uninstall --yes --restart', what: 'For scripts.' },
  ],
  needsRoot: true,
  async run(call) {
    const { options, console } = call;
    const { openInstallation } = await import('../../../install/open-installation.ts');
    const { planUninstall } = await import('../../../install/uninstall.ts');
    const installation = openInstallation(options.root, console.workingDirectory);
    const plan = await planUninstall(installation.root, options);
    const isNothing = plan.changes.length === 0;
    if (options.dryRun || isNothing) {
      const done = isNothing ? 'The drivers are not installed; nothing is to be removed.' : 'Nothing was removed.';
      answer(call, installationDocument(plan, { changed: false, notes: plan.notes }), () =>
        installationText(plan, done),
      );
      return;
    }
    if (!options.force) await installation.ensureUnused();
    await agreeTo(call, plan, 'Remove this?');
    await installation.make([...plan.changes, ...(options.restart ? [RESTART] : [])], progressOf(call));
    const next = options.restart ? [] : [RESTART.argv.join(' ')];
    answer(call, installationDocument(plan, { changed: true, notes: plan.notes, next }), () =>
      ['The drivers are gone.', ...plan.notes, ...next.map((line) => `Next: ${line}`)].join('\n'),
    );
  },
});
