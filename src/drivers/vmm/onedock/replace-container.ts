import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { containerName, LABEL, releaseVm, replacementName } from '../../hosts/vm-on-host.ts';
import { fail } from '../errors.ts';
import { containerSpec } from './container-spec.ts';
import type { Context } from './services.ts';
import type { Vm } from './vm.ts';

/**
 * Puts a stopped container of another image in the place of a VM's container, which is removed. There is one of both at any
 * moment, so that nothing is lost when this is cut short and repeated. The label goes on to name the image of the VM.
 * @param image  on the host, of the same user and command as the VM's own image
 * @throws CONTAINER_GONE, IMAGE_NOT_ON_HOST
 */
export async function replaceContainer(host: DockerHost, vm: Vm, image: string, context: Context): Promise<void> {
  const { docker } = host;
  const { settings, signal } = context;
  const name = containerName(vm.id);
  const next = replacementName(vm.id);
  const existing = await docker.find(name, { signal });
  if (!existing) {
    if (!(await docker.find(next, { signal }))) throw fail('CONTAINER_GONE', { name, host: host.name });
    return docker.rename(next, name, { signal });
  }
  const original = existing.Config.Labels?.[LABEL.image] ?? existing.Config.Image;
  const [found, { processors, hasControlGroups }] = await Promise.all([
    docker.findImage(original, { signal }),
    docker.traits({ signal }),
    docker.remove(next, { signal }),
  ]);
  if (!found) throw fail('IMAGE_NOT_ON_HOST', { image: original, host: host.name });
  const limits = { ...settings.container, processors, hasControlGroups };
  const spec = containerSpec(vm, { reference: original, config: found.Config }, limits);
  await docker.create(next, { ...spec, Image: image }, { signal });
  await docker.kill(name, { signal });
  await docker.wait(name, { signal });
  await releaseVm(host, vm.id, signal);
  await docker.remove(name, { signal });
  await docker.rename(next, name, { signal });
}
