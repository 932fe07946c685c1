/** Quotas as users write them: from a file, or in an editor that starts with those there are and an explanation. */
import type { Node } from '../document.ts';
import { templateDump } from './output/template-dump.ts';
import type { Run } from './run.ts';
import { editText } from './text-source.ts';

const HELP = `# Limits that can be set:
#
#  VM = [
#    VMS, MEMORY (MB), CPU, PCI_DEV, PCI_NIC           what VMs are given, and the same
#    RUNNING_VMS, RUNNING_MEMORY, …                     for those that run
#    SYSTEM_DISK_SIZE                                   MB of system datastores
#  ]
#  DATASTORE = [ ID, IMAGES, SIZE (MB) ]                images in a datastore
#  NETWORK   = [ ID, LEASES ]                           addresses of a network
#  IMAGE     = [ ID, RVMS ]                             VMs that use an image at once
#
#  -1 stands for the default limit, -2 for none. What is in use, *_USED, is shown only.
`;

const SECTIONS = ['DATASTORE_QUOTA', 'VM_QUOTA', 'NETWORK_QUOTA', 'IMAGE_QUOTA'];

/** The quotas of a user or group, or default ones, as a template. */
export function quotaDump(holder: Node): string {
  return SECTIONS.map((section) => `${templateDump(holder.first(section))}\n`).join('');
}

/** @param holder  whose quotas the editor starts with; none for several at once */
export async function quotaText(
  run: Run,
  file: string | undefined,
  holder: () => Promise<Node | undefined>,
): Promise<string> {
  if (file !== undefined) return file;
  const present = await holder();
  return editText(run, HELP + (present ? quotaDump(present) : ''));
}
