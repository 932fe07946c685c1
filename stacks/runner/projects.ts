/** The projects of this folder, by name. Each is also one of the official CLI: its folder has a Pulumi.yaml. */
import type { automation } from '@pulumi/pulumi';

export interface Project {
  readonly name: string;
  readonly summary: string;
  /** Loaded only when the project runs. */
  readonly load: () => Promise<{ default: automation.PulumiFn }>;
}

const ALL: readonly Project[] = [
  {
    name: 'lxc',
    summary: 'a sandbox on machines of LXC, with a first VM that serves a page',
    load: () => import('../lxc/index.ts'),
  },
  {
    name: 'ssh',
    summary: 'the same on machines that are there already',
    load: () => import('../ssh/index.ts'),
  },
  {
    name: 'vagrant',
    summary: 'the same on machines that Vagrant makes',
    load: () => import('../vagrant/index.ts'),
  },
  {
    name: 'tenant',
    summary: 'a group with users, limits, images, a network and VMs, in any OpenNebula',
    load: () => import('../tenant/index.ts'),
  },
];

export const PROJECTS: ReadonlyMap<string, Project> = new Map(ALL.map((project) => [project.name, project]));
