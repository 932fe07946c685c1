import { messageOf } from '../../../../errors/thrown.ts';
import { wordList } from '../../../../opennebula/lists.ts';
import type { DockerHost } from '../../../hosts/docker-hosts.ts';
import { fail } from '../../errors.ts';
import type { DatastoreRequest } from '../../request.ts';
import type { Context } from '../services.ts';

/**
 * The host that builds an image: one of BRIDGE_LIST of the datastore, in OpenNebula the hosts by which images come into it,
 * each in turn by the image's number (`get_destination_host` in src/datastore_mad/remotes/libfs.sh, 7.4). One that
 * cannot be reached is passed over.
 * @throws BUILD_HOST_MISSING, or what reaching the last one threw
 */
export async function connectBuilder(
  imageId: string,
  { template }: DatastoreRequest,
  { hosts, log, signal }: Context,
): Promise<DockerHost> {
  const names = wordList(template.BRIDGE_LIST);
  const first = names.length === 0 ? 0 : (Number(imageId) || 0) % names.length;
  let problem: unknown = fail('BUILD_HOST_MISSING', {});
  for (const name of [...names.slice(first), ...names.slice(0, first)]) {
    try {
      return await hosts.connect(name, signal);
    } catch (error) {
      signal.throwIfAborted();
      problem = error;
      log('warning', messageOf(error));
    }
  }
  throw problem;
}
