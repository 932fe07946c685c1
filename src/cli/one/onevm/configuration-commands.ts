/** Verbs on the capacity and the configuration of VMs. */
import { UPDATE } from '../../../opennebula/client/constants.ts';
import { type Command, command, optional, required } from '../command.ts';
import { FILE } from '../formats.ts';
import { TEMPLATE_FILE } from '../options/template-file.ts';
import { templateDump } from '../output/template-dump.ts';
import { fetchDocument } from '../resource.ts';
import { APPEND, updatedText } from '../text-source.ts';
import { once } from '../verbs/each.ts';
import { CPU, MEMORY, VCPU } from '../vm-flags.ts';
import { ENFORCE } from './life-commands.ts';
import { vm } from './vm.ts';

const { kind } = vm;

const resize = command({
  name: 'resize',
  help: 'Changes CPU, VCPU and memory of a VM, by flags or by a template in a file or piped in.',
  args: [required(vm.id)],
  options: [CPU, VCPU, MEMORY, ENFORCE, TEMPLATE_FILE],
  run: async (run, id) => {
    const fromFlags = [CPU, VCPU, MEMORY].flatMap((option) =>
      run.has(option) ? [`${option.name.toUpperCase()} = ${run.get(option)}\n`] : [],
    );
    const capacity = run.get(TEMPLATE_FILE) ?? ((await run.io.readStdin('if-any')) || fromFlags.join(''));
    return once(run, id, { kind, done: 'Resizing VM' }, () => run.client.vm.resize(id, capacity, run.has(ENFORCE)));
  },
});

const CONFIGURATION = ['OS', 'FEATURES', 'INPUT', 'GRAPHICS', 'VIDEO', 'RAW', 'CONTEXT', 'CPU_MODEL'];

const updateConfiguration = command({
  name: 'updateconf',
  help: [
    'Changes the configuration of a VM: OS, FEATURES, INPUT, GRAPHICS, VIDEO, RAW, CPU_MODEL, CONTEXT and BACKUP_CONFIG.',
    'Without a file the editor is started with what is there. A running VM takes over CONTEXT and BACKUP_CONFIG at once.',
  ].join('\n'),
  args: [required(vm.id), optional(FILE)],
  options: [APPEND],
  run: (run, id, file) =>
    once(run, id, { kind, done: 'Updating VM configuration' }, async () => {
      const configuration = await updatedText(run, file, async () => {
        const document = await fetchDocument(run, 'one.vm.info', id, false);
        return [
          templateDump(document.first('TEMPLATE'), { only: CONFIGURATION }),
          templateDump(document.first('BACKUPS'), { only: ['BACKUP_CONFIG'] }),
        ].join('\n');
      });
      await run.client.vm.updateconf(id, configuration, run.has(APPEND) ? UPDATE.APPEND : UPDATE.REPLACE);
    }),
});

export const configurationCommands: readonly Command[] = [resize, updateConfiguration];
