/** docs/reference/docker-attributes.md: the attributes of DOCKER, from the table of the virtualization driver. */
import { DOCKER_ATTRIBUTES } from '../../src/drivers/vmm/onedock/docker-attributes.ts';

export async function renderDockerAttributes(): Promise<string> {
  return [
    '# Attributes of DOCKER',
    'How a VM’s container differs from what its image says. They stand in the VM template, in a section of their own:',
    '```\nDOCKER = [ CMD = "serve --port 8080", ENV = "MODE=test GREETING=\'good day\'", TMPFS = "/run" ]\n```',
    'Where there are several values, blanks are between them, and quotes and backslashes are as in a shell; a JSON list of texts will do too. They are heeded when the container is made: after a change (`onevm update`) the VM keeps its container until it comes to another host. What is not in this list is refused, and so are values that contradict each other; the VM’s log says all that is wrong.',
    '`DOCKERRUN` of an *image*, in its template, is the command for all VMs of that image, as in the first ONEDock. `DOCKER/CMD` of a VM goes before it.',
    'Attributes that are restricted reach out of the container. OpenNebula takes them from administrators only, and from templates that an administrator owns; the setting of the drivers says which values anybody gets at all, none unless it is set ([driver settings](driver-settings.md)). Privileged containers, and the namespaces of the host, are not to be had.',
    '| attribute | what it does | example | restricted |',
  ]
    .join('\n\n')
    .concat('\n|---|---|---|---|\n', Object.entries(DOCKER_ATTRIBUTES).map(renderRow).join('\n'));
}

function renderRow([name, row]: [string, (typeof DOCKER_ATTRIBUTES)[keyof typeof DOCKER_ATTRIBUTES]]): string {
  const setting = 'restricted' in row ? `administrators; \`container.${row.restricted}\`` : '';
  return `| \`${name}\` | ${row.does} | \`${row.example}\` | ${setting} |`;
}
