/** onesecgroup: what traffic reaches and leaves VMs. */
import { command, optional, required, type Tool } from './command.ts';
import { FILE, textFormat } from './formats.ts';
import { secgroupPage, secgroupTable } from './onesecgroup/secgroup-page.ts';
import { flag } from './option.ts';
import { fetchDocument, resource } from './resource.ts';
import { once } from './verbs/each.ts';
import { listCommands } from './verbs/list.ts';
import { ownerCommands, plainVerb, renameCommand } from './verbs/owned.ts';
import { showCommand } from './verbs/show.ts';
import { updateCommand } from './verbs/update.ts';

const secgroup = resource('SECURITY_GROUP', 'secgroup', 'security group', 'secgroupid');

const { kind } = secgroup;

const RECOVER = flag({
  name: 'recover',
  short: '-r',
  long: '--recover',
  help: 'Only VMs that are outdated or failed: tries updates again',
});

export const onesecgroup: Tool = {
  name: 'onesecgroup',
  commands: [
    command({
      name: 'create',
      help: 'Creates a security group from a template, in a file or piped in.',
      args: [optional(FILE)],
      run: async (run, file) => {
        const template = file ?? (await run.io.readStdin('only-source'));
        run.print(`ID: ${await run.client.secgroup.allocate(template)}`);
      },
    }),
    command({
      name: 'clone',
      help: 'Creates a security group as a copy of another one.',
      args: [required(secgroup.id), required(textFormat('name'))],
      run: (run, id, name) =>
        once(run, id, { kind, done: 'cloned' }, async () =>
          run.print(`ID: ${await run.client.secgroup.clone(id, name)}`),
        ),
    }),
    command({
      name: 'commit',
      help: 'Brings the rules of a security group to the VMs that use it.',
      args: [required(secgroup.id)],
      options: [RECOVER],
      run: (run, id) => once(run, id, { kind, done: 'commit' }, () => run.client.secgroup.commit(id, run.has(RECOVER))),
    }),
    plainVerb(secgroup, { name: 'delete', help: 'Deletes security groups.', done: 'deleted' }, ({ client }, id) =>
      client.secgroup.delete(id),
    ),
    ...ownerCommands(secgroup),
    renameCommand(secgroup),
    updateCommand(secgroup),
    ...listCommands({
      title: secgroup.title,
      table: secgroupTable,
      fetch: (run, filterFlag) => fetchDocument(run, 'one.secgrouppool.info', filterFlag, -1, -1),
      hasFilterFlag: true,
    }),
    showCommand({ resource: secgroup, page: secgroupPage }),
  ],
};
