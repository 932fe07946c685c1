/** A test host with images and the settings by which drivers reach it. */
import { type EngineName, type HostImage, startDockerHost, type TestDockerHost } from './docker-host.ts';

export const IMAGES = {
  /** A bare shell, as base images of distributions have it. */
  shell: { changes: ['CMD ["/bin/sh"]'] },
  /** Serves a page, and minds a request to stop. */
  web: {
    changes: ['CMD ["/bin/web"]'],
    files: {
      'bin/web': '#!/bin/sh\ntrap "exit 0" TERM\nhttpd -f -p 80 -h /www &\nwait $!\n',
      'www/index.html': 'hello\n',
    },
  },
  /** A user, a directory, variables and an entry point of its own; writes down what it finds. */
  app: {
    changes: ['USER app', 'WORKDIR /srv', 'ENV GREETING="good day"', 'ENTRYPOINT ["/bin/record"]', 'CMD ["a b", "c"]'],
    files: {
      'bin/record':
        '#!/bin/sh\n{ id; pwd; echo "$#:$1:$2"; env; ip -o -4 address show; } >/tmp/record\ntrap "exit 0" TERM\nwhile :; do sleep 1 & wait $!; done\n',
    },
  },
  /** Nothing but one static program: no shell, no /etc. */
  bare: { bare: true, changes: ['CMD ["/sleep", "100000"]'] },
  short: { changes: ['CMD ["sleep", "0.5"]'] },
} satisfies Record<string, HostImage>;

export type ImageName = keyof typeof IMAGES;

export interface TestCloudHost extends TestDockerHost {
  /** As in onedock.yaml. */
  readonly settings: object;
  /** Names by digest. */
  readonly images: Readonly<Record<ImageName, string>>;
  /** What transfer drivers leave on the host: the marker of the root disk, and blank disks with their sizes in MB. */
  placeDisks(vmId: number, image: ImageName, blankMb?: Readonly<Record<number, number>>): Promise<void>;
  /** Bytes that the kernel lets a container have: engines tell differently of it. */
  memoryLimit(container: string): Promise<string>;
  /** A command in the container of a VM. @returns what it printed, trimmed */
  inVm(vmId: number, script: string): Promise<string>;
}

export async function startTestCloudHost(engine?: EngineName): Promise<TestCloudHost> {
  const host = await startDockerHost(engine);
  const images: Record<string, string> = {};
  for (const [name, image] of Object.entries(IMAGES)) images[name] = await host.addImage(name, image);
  const { user, port, keyFile, knownHostsFile } = host.ssh;
  return Object.assign(host, {
    settings: {
      ssh: { user, port, keyFile, knownHostsFile },
      host: { withoutControlGroups: true },
      timeouts: { shutdownSeconds: 2 },
    },
    images: images as Record<ImageName, string>,
    async placeDisks(vmId: number, image: ImageName, blankMb: Readonly<Record<number, number>> = {}) {
      const directory = `/var/lib/one/datastores/0/${vmId}`;
      const blanks = Object.entries(blankMb).map(([id, mb]) => `truncate -s ${mb}M ${directory}/disk.${id}`);
      const marker = `echo docker://${images[image]} >${directory}/disk.0`;
      await host.sh(
        ['set -e', `mkdir -p ${directory}`, marker, ...blanks, `chown -R oneadmin ${directory}`].join('\n'),
      );
    },
    memoryLimit: (container: string) =>
      host.sh(`pid=$(docker inspect -f '{{.State.Pid}}' ${container})
        v1=$(sed -n 's/^[0-9]*:memory://p' /proc/$pid/cgroup) v2=$(sed -n 's/^0:://p' /proc/$pid/cgroup)
        cat "/sys/fs/cgroup/memory$v1/memory.limit_in_bytes" 2>/dev/null || cat "/sys/fs/cgroup$v2/memory.max"`),
    inVm: (vmId: number, script: string) => host.sh(`docker exec one-${vmId} /bin/sh -c '${script}'`),
  });
}
