import type { ActionContext } from '../../contract/action.ts';
import type { ImageRegistry } from '../../registry/image-registry.ts';
import type { TransferServices, TransferSettings } from '../place.ts';

/** What the transfer driver of container images works with. */
export interface ImageTransferServices extends TransferServices {
  readonly registry: ImageRegistry;
  readonly settings: TransferSettings & {
    readonly frontend: { readonly consoles: string; readonly datastores: string };
    readonly host: { readonly imagesMb: number };
  };
}

/** An action's context in this driver. */
export type Context = ActionContext & ImageTransferServices;
