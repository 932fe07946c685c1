import { resolve } from 'node:path';
import { defineCommand } from '../command.ts';
import { answer, openSite, withProgress } from '../site.ts';

export const imageExport = defineCommand({
  name: 'image export',
  summary: 'Bring an image of the sandbox to this machine',
  description:
    'An image of containers becomes an archive as `docker save` writes it, which `docker load` and `onedock image load` take. A data disk is copied as it is. What a VM that runs writes to a persistent image is not yet in it.',
  arguments: {
    image: { required: true, summary: 'Name of the image in OpenNebula, or its number.' },
  },
  options: {
    to: { kind: 'text', value: 'FILE', summary: 'File that is written; `IMAGE.tar` here unless given.' },
  },
  examples: [
    { line: 'image export myapp', what: 'Writes myapp.tar.' },
    { line: 'image export 3 --to /srv/saved.tar', what: 'By its number, to a file of that name.' },
  ],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const { exportImage } = await import('../../../sandbox/export-image.ts');
    const { image } = call.arguments;
    const file = resolve(call.console.workingDirectory, call.options.to ?? `${image.replaceAll('/', '_')}.tar`);
    const request = { sandbox: configuration.name, image, file };
    const exported = await withProgress(call, (run) => exportImage(request, services, run));
    answer(call, exported, () => `Image ${exported.id} ${exported.name} is in ${file} (${exported.kind}).`);
  },
});
