/** Address ranges that a network gets from a template, and networks that could not be made as theirs says. */
import { randomInt } from 'node:crypto';
import { isYes, type Vector } from '../../opennebula/template.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { IpamRefused, ipamDriver, registeredRange } from '../objects/ipam.ts';
import { createRange, InvalidRange } from '../objects/range-template.ts';
import { nextRangeId, type Vnet } from '../objects/vnet.ts';
import type { Clock } from '../platform/clock.ts';
import { logTime } from '../platform/log.ts';
import type { Cloud } from '../store/cloud.ts';

export interface RangeServices {
  readonly cloud: Pick<Cloud, 'ipam'>;
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
      if (!(error instanceof InvalidRange || error instanceof IpamRefused)) throw error;
      result = failedVnet(services, result, error.message);
    }
  }
  return result;
}

/** A range of which an IPAM driver gives out the addresses is registered with it. @throws InvalidRange, AddressAsked, IpamRefused */
export function withRangeAdded({ cloud, configuration }: RangeServices, vnet: Vnet, wanted: Vector): Vnet {
  const driver = ipamDriver({ IPAM_MAD: wanted.IPAM_MAD || (vnet.template.get('IPAM_MAD') ?? '') });
  // A shared range is refused below, and no driver need know of it.
  const given = driver === undefined || isYes(wanted.SHARED) ? wanted : registeredRange(cloud.ipam, driver, wanted);
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
