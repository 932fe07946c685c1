import type { DockerHosts } from '../../hosts/docker-hosts.ts';

export interface ImServices {
  readonly hosts: DockerHosts;
}
