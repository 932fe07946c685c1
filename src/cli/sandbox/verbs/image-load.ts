import { defineCommand } from '../command.ts';
import { answer, openSite, withProgress } from '../site.ts';

export const imageLoad = defineCommand({
  name: 'image load',
  summary: 'Register an image of this machine in the sandbox',
  arguments: {
    source: {
      required: true,
      summary:
        '`docker-daemon:name:tag` of this machine’s engine, a `docker save` archive, an OCI layout directory, a directory with a Dockerfile, or `docker://name:tag`.',
    },
  },
  options: {
    as: { kind: 'text', value: 'IMAGE', summary: 'Name in OpenNebula; made of the source unless given.' },
  },
  examples: [
    { line: 'image load docker-daemon:myapp:latest', what: 'What `docker build` has just made.' },
    { line: 'image load ./myapp.tar --as myapp', what: 'An archive of `docker save`.' },
  ],
  needsRoot: true,
  async run(call) {
    const { configuration, services } = await openSite(call);
    const { loadImage } = await import('../../../sandbox/load-image.ts');
    const request = {
      sandbox: configuration.name,
      source: call.arguments.source,
      folder: call.console.workingDirectory,
    };
    const image = await withProgress(call, (run) => loadImage({ ...request, name: call.options.as }, services, run));
    answer(call, image, () => `Image ${image.id} ${image.name} is ready (${image.sizeMb} MB).`);
  },
});
