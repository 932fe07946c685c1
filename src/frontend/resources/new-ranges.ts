/** Address ranges that a network gets from a template, and networks that could not be made as theirs says. */
import { randomInt } from 'node:crypto';
import type { Vector } from '../../opennebula/template.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { createRange, InvalidRange } from '../objects/range-template.ts';
import { nextRangeId, type Vnet } from '../objects/vnet.ts';
import type { Clock } from '../platform/clock.ts';
import { logTime } from '../platform/log.ts';

export interface RangeServices {
  readonly configuration: Configuration;
  readonly clock: Clock;
}

/** The network with the ranges of its template; one that is not acceptable is left out, and ERROR says why. */
export function withNewRanges(services: RangeServices, vnet: Vnet, given: readonly Vector[]): Vnet {
  let result = vnet;
  for (const range of given) {
    try {
      result = withRangeAdded(services, result, range);
    } catch (error) {
      if (!(error instanceof InvalidRange)) throw error;
      result = failedVnet(services, result, error.message);
    }
  }
  return result;
}

/** @throws InvalidRange */
export function withRangeAdded({ configuration }: RangeServices, vnet: Vnet, given: Vector): Vnet {
  const defaults = { macPrefix: configuration.text('MAC_PREFIX'), random: () => randomInt(2 ** 32) };
  const range = createRange(nextRangeId(vnet), given, defaults);
  return { ...vnet, ranges: [...vnet.ranges, range] };
}

/** The network with why it could not be made, or taken away. */
export function failedVnet({ clock }: Pick<RangeServices, 'clock'>, vnet: Vnet, reason: string): Vnet {
  return {
    ...vnet,
    state: 'ERROR',
    template: vnet.template.clone().set('ERROR', `${logTime(clock.now())} : ${reason}`),
  };
}
