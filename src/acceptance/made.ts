/** What the suite has made, so that all of it goes again: VMs first, then images. */
import type { Client } from '../opennebula/client/client.ts';
import { RECOVER } from '../opennebula/client/constants.ts';
import { OneApiError } from '../opennebula/client/one-api-error.ts';
import { waitUntil, waitUntilGone } from '../opennebula/client/wait.ts';

type Kind = 'vm' | 'image';

export class Made {
  readonly #client: Client;
  readonly #objects: { readonly kind: Kind; readonly id: number }[] = [];

  constructor(client: Client) {
    this.#client = client;
  }

  add(kind: Kind, id: number): number {
    this.#objects.push({ kind, id });
    return id;
  }

  /**
   * Removes what is still there, in the reverse of the order in which it was made; one that cannot be removed keeps
   * none of the others.
   * @returns what is left, and why
   */
  async remove(timeoutSeconds: number): Promise<string[]> {
    const left: string[] = [];
    for (const { kind, id } of this.#objects.toReversed()) {
      const remove = kind === 'vm' ? removeVm : removeImage;
      await remove(this.#client, id, timeoutSeconds).catch((error: Error) => {
        left.push(`${kind === 'vm' ? 'VM' : 'image'} ${id}: ${error.message}`);
      });
    }
    return left;
  }
}

async function removeVm(client: Client, id: number, timeoutSeconds: number): Promise<void> {
  const vm = await client.vm.info(id);
  if (vm.state === 'DONE') return;
  // One that has failed, or hangs in a state of its own, takes no other action.
  await client.vm.action('terminate-hard', id).catch((error: unknown) => {
    if (!(error instanceof OneApiError)) throw error;
    return client.vm.recover(id, RECOVER.DELETE);
  });
  await waitUntilGone(client, id, { timeoutSeconds });
}

/** An image that a VM has just let go, or that is just being written, cannot be deleted for a moment. */
async function removeImage(client: Client, id: number, timeoutSeconds: number): Promise<void> {
  await waitUntil({
    awaited: `Image ${id} gone`,
    look: () => client.image.delete(id).then(() => 'going', stateOfRefusal),
    done: (seen) => seen === GONE,
    describe: (seen) => seen,
    timeoutSeconds,
  });
}

const GONE = 'gone';

function stateOfRefusal(error: unknown): string {
  if (!(error instanceof OneApiError)) throw error;
  return error.is('NO_EXISTS') ? GONE : error.message;
}
