/** docs/reference/context.md: the variables of CONTEXT, from the table of the virtualization driver. */
import { CONTEXT_VARIABLES, type ContextVariables } from '../../src/drivers/vmm/onedock/context-variables.ts';

export async function renderContext(): Promise<string> {
  return [
    '# Variables of CONTEXT',
    'What the variables of [OpenNebula’s guests](https://docs.opennebula.io) do in a VM that is a container. All of them, and whatever else CONTEXT holds, are in `/mnt/context.sh`, which a shell can read in (`. /mnt/context.sh`). With `NETWORK = "YES"` OpenNebula adds the variables of each NIC.',
    'The guest’s part is done by the first process of the container, or for images with another user than root by the host, as root and before the image’s own command starts; images need no package for it, nor a shell. A container is made anew when the VM comes to another host.',
    '| variable | what it does | a change has effect |',
  ]
    .join('\n\n')
    .concat('\n|---|---|---|\n', CONTEXT_VARIABLES.map(renderRow).join('\n'));
}

function renderRow({ names, does, changes }: ContextVariables): string {
  return `| ${names.map((name) => `\`${name}\``).join(' ')} | ${does} | ${changes} |`;
}
