/** Brings an image of a sandbox that runs to the user's machine, as its datastore exports it to a marketplace. */
import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { posix } from 'node:path';
import { BUNDLE_FOLDER } from '../../provision/program-places.ts';
import type { Client } from '../opennebula/client/client.ts';
import { findByNameOrId } from '../opennebula/client/find-object.ts';
import type { Image } from '../opennebula/client/views.ts';
import { cdata, findText, group, parseXml } from '../opennebula/xml.ts';
import { receiveFile } from '../transport/receive-file.ts';
import type { Transport } from '../transport/transport.ts';
import { fail } from './errors.ts';
import { reportStep } from './events.ts';
import { clientOf } from './front-end.ts';
import { FRONT_END } from './layout.ts';
import type { Run, Services } from './services.ts';

export interface ExportRequest {
  readonly sandbox: string;
  /** Name of the image, or its number. */
  readonly image: string;
  /** Of the user's machine. What is there is replaced. */
  readonly file: string;
}

export interface ExportedImage {
  readonly id: number;
  readonly name: string;
  readonly file: string;
  /** `docker-archive`, which `docker load` takes, or the format of a disk. */
  readonly kind: string;
}

/** Making an archive takes as long as reading the image does. */
const EXPORT_SECONDS = 3600;

/** @throws IMAGE_UNKNOWN, IMAGE_WITHOUT_CONTENT, IMAGE_DAMAGED, FRONT_END_DOWN, and why the datastore refused */
export async function exportImage(
  { sandbox, image: wanted, file }: ExportRequest,
  services: Services,
  { report, signal }: Run,
): Promise<ExportedImage> {
  const { testbed } = services;
  using client = await clientOf(services, sandbox, await testbed.look(sandbox));
  const image = await findImage(client, wanted);
  const { id, name, source } = image;
  if (source === '') throw fail('IMAGE_WITHOUT_CONTENT', { image: name, state: image.state });
  await using frontEnd = testbed.transport(sandbox, FRONT_END);
  // oneadmin's own, as the driver is.
  const folder = `/var/tmp/onedock-export-${randomUUID()}`;
  await frontEnd.run(['install', '--directory', '--owner=oneadmin', '--mode=700', folder]);
  try {
    const { result } = await reportStep({ id: 'export', title: `Image ${name} is exported` }, report, () =>
      askDatastore(frontEnd, image, folder, signal),
    );
    await reportStep({ id: 'receive', title: `${file} is written` }, report, async () => {
      const md5 = await receiveFile(frontEnd, result.path, file, signal);
      if (md5 === result.md5) return;
      await rm(file);
      throw fail('IMAGE_DAMAGED', { image: name, file });
    });
    const isContainer = posix.dirname(result.path) === folder;
    return { id, name, file, kind: isContainer ? 'docker-archive' : result.format };
  } finally {
    await frontEnd.run(['rm', '-rf', '--', folder]);
  }
}

async function findImage(client: Client, wanted: string): Promise<Image> {
  const { objects } = await client.imagepool.info();
  const found = findByNameOrId(objects, wanted);
  if (!found) throw fail('IMAGE_UNKNOWN', { image: wanted, images: objects.map(({ name }) => name) });
  return found;
}

interface Exported {
  readonly path: string;
  readonly md5: string;
  readonly format: string;
}

/** The action EXPORT of the driver, with the document that OpenNebula would send. */
async function askDatastore(
  frontEnd: Transport,
  { id, source, sizeMb }: Image,
  folder: string,
  signal: AbortSignal,
): Promise<Exported> {
  const document = group(
    'DS_DRIVER_ACTION_DATA',
    group('IMAGE', cdata('SOURCE', source), cdata('SIZE', `${sizeMb}`)),
    group('DATASTORE', cdata('BASE_PATH', folder)),
  );
  const program = [`${BUNDLE_FOLDER}/drivers`, 'datastore', 'onedock', 'export', `${id}`];
  const { stdout } = await frontEnd.run(['runuser', '--user', 'oneadmin', '--', ...program], {
    stdin: document,
    signal,
    timeoutSeconds: EXPORT_SECONDS,
  });
  const answer = parseXml(stdout);
  const value = (name: string) => findText(answer, name) ?? '';
  return { path: value('IMPORT_SOURCE'), md5: value('MD5'), format: value('FORMAT') };
}
