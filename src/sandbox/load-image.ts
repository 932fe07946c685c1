/** Registers an image of the user's machine in a sandbox that runs. */
import { basename } from 'node:path';
import { ensureImage } from './cloud.ts';
import { fail } from './errors.ts';
import { reportStep } from './events.ts';
import { clientOf } from './front-end.ts';
import { deliverImage } from './image-source.ts';
import { FRONT_END } from './layout.ts';
import { ONEDOCK } from './plan.ts';
import type { Run, Services } from './services.ts';

export interface LoadRequest {
  readonly sandbox: string;
  /** As `deliverImage` takes it. */
  readonly source: string;
  /** From which relative paths count. */
  readonly folder: string;
  /** Name in OpenNebula, made of the source unless given. */
  readonly name: string | undefined;
}

export interface LoadedImage {
  readonly id: number;
  readonly name: string;
  readonly sizeMb: number;
}

/** @throws IMAGE_SOURCE_UNKNOWN, IMAGE_EXISTS, FRONT_END_DOWN, and why OpenNebula refused */
export async function loadImage(request: LoadRequest, services: Services, run: Run): Promise<LoadedImage> {
  const { sandbox, source, folder, name = nameOf(source) } = request;
  const { testbed, local } = services;
  using client = await clientOf(services, sandbox, await testbed.look(sandbox));
  const isTaken = (await client.imagepool.info()).objects.some((image) => image.name === name);
  if (isTaken) throw fail('IMAGE_EXISTS', { image: name });
  await using frontEnd = testbed.transport(sandbox, FRONT_END);
  const { result: delivered } = await reportStep(
    { id: 'deliver', title: `${source} is brought to the front-end` },
    run.report,
    () => deliverImage({ local, frontEnd }, source, folder),
  );
  try {
    const { result } = await reportStep({ id: 'image', title: `Image ${name}` }, run.report, async () => {
      const declared = { name, type: 'OS', persistent: false, datastore: ONEDOCK } as const;
      const id = await ensureImage(client, declared, delivered.path, run.signal);
      const { sizeMb } = await client.image.info(id);
      return { id, name, sizeMb };
    });
    return result;
  } finally {
    await delivered.discard();
  }
}

/** `docker://team/app:1.2` and `./app.tar` are both `app`. */
export function nameOf(source: string): string {
  const last = basename(source.replace(/^[a-z-]+:(\/\/)?/, '').replace(/[?@].*$/, ''));
  return last.replace(/:.*$/, '').replace(/\.(tar|tar\.gz|tgz)$/, '') || 'image';
}
