/**
 * Network drivers that want to hear of networks as such, not only of NICs: `vnet_create` and `vnet_delete` of the remotes
 * folder (src/ipamm/IPAMManagerProtocol.cc, 7.4). What is to be done is the state of the network, LOCK_CREATE or
 * LOCK_DELETE, so after a restart it is begun again. Drivers without these actions are not asked.
 */
import pLimit from 'p-limit';
import { failureText } from '../../drivers/contract/action.ts';
import type { DriverRunner } from '../../drivers/contract/driver-runner.ts';
import { messageOf } from '../../errors/thrown.ts';
import { parseTemplate, Template } from '../../opennebula/template.ts';
import type { Configuration } from '../configuration/configuration.ts';
import { AddressAsked } from '../objects/ipam.ts';
import { type Vnet, vnetPoolXml } from '../objects/vnet.ts';
import { decideForVnetUpdate } from '../objects/vnet-template.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { vnetFollowers } from '../resources/documents.ts';
import { leasedRanges } from '../resources/leases.ts';
import { failedVnet, withNewRanges } from '../resources/new-ranges.ts';
import { dropVnet } from '../resources/vnet-removal.ts';
import type { Cloud } from '../store/cloud.ts';
import type { IpamDrivers } from './ipam-drivers.ts';

export interface VnetDriversOptions {
  readonly cloud: Cloud;
  readonly drivers: DriverRunner;
  readonly configuration: Configuration;
  readonly clock: Clock;
  readonly log: Log;
  readonly ipam: IpamDrivers;
}

export type VnetAction = 'vnet_create' | 'vnet_delete';

/** What a network in one of these states waits for. */
const WAITS_FOR: { readonly [State in Vnet['state']]?: VnetAction } = {
  LOCK_CREATE: 'vnet_create',
  LOCK_DELETE: 'vnet_delete',
};

/** As many at a time as OpenNebula's own driver manager runs (THREADS of IPAM_MAD). */
const CONCURRENT_ACTIONS = 16;

export class VnetDrivers implements Disposable {
  readonly #options: VnetDriversOptions;
  readonly #limit = pLimit(CONCURRENT_ACTIONS);
  readonly #stop = new AbortController();
  /** Networks whose driver is at work. */
  readonly #running = new Set<number>();
  readonly #subscription: Disposable;

  /** Begins what is to be done, and follows networks until it is disposed. */
  constructor(options: VnetDriversOptions) {
    this.#options = options;
    const { cloud } = options;
    this.#subscription = cloud.subscribe((changes) => {
      for (const change of changes) if (change.kind === 'vnet' && change.after) this.#begin(change.after);
    });
    for (const vnet of cloud.pools.vnet.all()) this.#begin(vnet);
  }

  [Symbol.dispose](): void {
    this.#stop.abort();
    this.#subscription[Symbol.dispose]();
  }

  /** Whether a network has to wait for its driver. */
  wants(vnMad: string, action: VnetAction): boolean {
    return this.#options.drivers.offers?.('vnm', vnMad, action) ?? false;
  }

  /** Has the driver take away what it made for a network that is gone already. What becomes of it is only logged. */
  deleteBeside(vnet: Vnet): void {
    if (this.wants(vnet.vnMad, 'vnet_delete')) void this.#run('vnet_delete', vnet).catch(() => {});
  }

  #begin(vnet: Vnet): void {
    const action = WAITS_FOR[vnet.state];
    if (action === undefined || this.#running.has(vnet.id) || this.#stop.signal.aborted) return;
    this.#running.add(vnet.id);
    this.#run(action, vnet)
      .then(
        (output) =>
          this.#withAddresses(() =>
            this.#end(vnet.id, action, (now) => (action === 'vnet_create' ? this.#made(now, output) : undefined)),
          ),
        (error) => this.#end(vnet.id, action, (now) => failedVnet(this.#options, now, failureText(error))),
      )
      .catch((error) => this.#options.log('IPM', 'error', `VNET ${vnet.id}: ${failureText(error)}`))
      .finally(() => {
        this.#running.delete(vnet.id);
        // Somebody may have wanted something else meanwhile.
        const now = this.#options.cloud.pools.vnet.get(vnet.id);
        if (now && now.state !== vnet.state) this.#begin(now);
      });
  }

  /** Ranges of a network that was made may have to be registered with IPAM drivers. */
  async #withAddresses(end: () => void): Promise<void> {
    try {
      end();
    } catch (error) {
      if (!(error instanceof AddressAsked)) throw error;
      await this.#options.ipam.again(error, end);
    }
  }

  async #run(action: VnetAction, vnet: Vnet): Promise<string> {
    const { cloud, drivers, log } = this.#options;
    const stdin = vnetPoolXml(cloud.secrets.open('vnet', vnet), leasedRanges(cloud, vnet), vnetFollowers(vnet, cloud));
    const { signal } = this.#stop;
    const call = { family: 'vnm', driver: vnet.vnMad, action, argv: [`${vnet.id}`], stdin, signal } as const;
    try {
      return await this.#limit(() => drivers.run({ ...call, log: (level, text) => log('IPM', level, text) }));
    } catch (error) {
      if (!signal.aborted) log('IPM', 'error', `VNET ${vnet.id}, ${action} failed: ${failureText(error)}`);
      throw error;
    }
  }

  /** @param become the network after the answer; undefined when it goes */
  #end(id: number, action: VnetAction, become: (vnet: Vnet) => Vnet | undefined): void {
    const { cloud } = this.#options;
    if (this.#stop.signal.aborted) return;
    const now = cloud.pools.vnet.get(id);
    // It may have been recovered meanwhile.
    if (!now || WAITS_FOR[now.state] !== action) return;
    cloud.transaction(() => {
      const after = become(now);
      if (after) cloud.pools.vnet.put(after);
      else dropVnet(cloud, now);
    });
  }

  /** What the driver prints is added to the network's template, and then its ranges are made. */
  #made(vnet: Vnet, output: string): Vnet {
    const { configuration } = this.#options;
    try {
      const template = vnet.template.merge(parseTemplate(output === '' ? '' : `${output}\n`));
      const ranges = template.vectors('AR');
      const bare = new Template(template.attributes.filter(([name]) => name !== 'AR' && name !== 'ERROR'));
      const driver = (name: string) => configuration.driver('VN_MAD_CONF', name);
      const made = output === '' ? { ...vnet, template: bare } : decideForVnetUpdate(vnet, bare, { driver });
      return withNewRanges(this.#options, { ...made, state: 'READY' }, ranges);
    } catch (error) {
      if (error instanceof AddressAsked) throw error;
      return failedVnet(this.#options, vnet, messageOf(error));
    }
  }
}
