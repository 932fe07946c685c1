import type { Configuration } from './configuration.ts';
import type { Subnets } from './free-subnets.ts';

/** What a plan was made for. */
export interface Site {
  readonly configuration: Pick<Configuration, 'name' | 'hub' | 'readyTimeoutSeconds'> &
    Partial<Pick<Configuration, 'frontEnd' | 'opennebula'>>;
  readonly subnets: Subnets;
  /** From which relative paths of images count. */
  readonly folder: string;
}
