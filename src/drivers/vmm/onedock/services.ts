import type { ActionContext } from '../../contract/action.ts';
import type { DockerHosts } from '../../hosts/docker-hosts.ts';
import type { ImageRegistry } from '../../registry/image-registry.ts';
import type { Allowances } from './docker-attributes.ts';

/** The part of the driver settings that says how VMs are run. */
export interface VmmSettings {
  /** Path of a static busybox on the hosts. */
  readonly host: { readonly shim: string };
  readonly container: Allowances & { readonly pidsLimit: number };
  readonly frontend: { readonly datastores: string; readonly consoles: string };
  readonly timeouts: { readonly shutdownSeconds: number; readonly transferSeconds: number };
}

export interface VmmServices {
  readonly hosts: DockerHosts;
  readonly registry: Pick<ImageRegistry, 'dockerLogin'>;
  readonly settings: VmmSettings;
}

/** An action's context in this driver. */
export type Context = ActionContext & VmmServices;
