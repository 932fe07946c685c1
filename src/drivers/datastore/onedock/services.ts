import type { ActionContext } from '../../contract/action.ts';
import type { ImageRegistry } from '../../registry/image-registry.ts';

/** What the onedock datastore works with. */
export interface RegistryServices {
  readonly registry: ImageRegistry;
  readonly settings: { readonly images: { readonly downloadMb: number } };
}

/** An action's context in this driver. */
export type Context = ActionContext & RegistryServices;
