import type { ActionContext } from '../../contract/action.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import type { ImageRegistry } from '../../registry/image-registry.ts';

/** What the onedock datastore works with. */
export interface RegistryServices extends HostServices {
  readonly registry: ImageRegistry;
  readonly settings: {
    readonly images: { readonly downloadMb: number };
    readonly build: {
      readonly network: string;
      readonly memoryMb: number;
      readonly cpus: number;
      readonly contextMb: number;
      readonly imageMb: number;
    };
    readonly timeouts: { readonly buildSeconds: number };
  };
}

/** An action's context in this driver. */
export type Context = ActionContext & RegistryServices;
