/**
 * The looks as single actions, for an agent that calls programs: each prints the text of one message. Arguments are those
 * of OpenNebula's probes, stdin is the agent's configuration (src/im_mad/im_exec, 7.4).
 */
import { find, findText, type XmlElement } from '../../../opennebula/xml.ts';
import { type ActionContext, defineAction } from '../../contract/action.ts';
import type { DockerHost } from '../../hosts/docker-hosts.ts';
import { describeHost, lookAtGuests, measureGuests, type WantedDatastores } from './look-at-host.ts';
import { lookAtSystem } from './look-at-system.ts';
import { stateReport, usageReport, vmReport } from './reports.ts';
import type { ImServices } from './services.ts';

type Context = ActionContext & ImServices;
type Look = (host: DockerHost, context: Context, hostId: number) => Promise<string>;

const probe = (look: Look) =>
  defineAction({
    args: ['imName', 'hostId', 'host', '...ignored'],
    run: async ({ host, hostId }, context: Context) =>
      look(await context.hosts.connect(host, context.signal), context, Number(hostId)),
  });

/** SYSTEM_HOST */
const system = probe(async (host, context, hostId) => {
  const wanted = await wantedDatastores(host, context);
  return (await lookAtSystem(host, wanted, hostId, context.signal)).text;
});

/** MONITOR_HOST. A program that ends has no earlier look: use of processors is that since the host was started. */
const monitor = probe(async (host, context) => {
  const wanted = { datastoreLocation: readLocation(context), systemDatastoreIds: [] };
  return usageReport(await describeHost(host, wanted, context.signal), undefined).text;
});

/** STATE_VM, complete. */
const state = probe(async (host, context) => {
  const wanted = { datastoreLocation: readLocation(context) };
  return stateReport(await lookAtGuests(host, wanted, context.signal), { complete: true }).text;
});

/** MONITOR_VM; nothing when no VM runs. Use of processors is that since each was started. */
const vms = probe(async (host, context) => {
  const wanted = { datastoreLocation: readLocation(context) };
  const guests = await measureGuests(host, new Map(), wanted, context.signal);
  return guests.length === 0 ? '' : vmReport(guests).text;
});

export const probes = { system, monitor, state, vms };

/** System datastores of the host: those with `.monitor`, which names their transfer driver (src/mad/sh/scripts_common.sh). */
async function wantedDatastores(host: DockerHost, context: Context): Promise<WantedDatastores> {
  const datastoreLocation = readLocation(context);
  const marked = ['-mindepth', '2', '-maxdepth', '2', '-name', '.monitor', '-printf', '%h\\n'];
  const { stdout } = await host.run(['find', datastoreLocation, ...marked], {
    signal: context.signal,
    acceptExitCodes: [0, 1],
  });
  const ids = [...stdout.matchAll(/\/(\d+)$/gm)].map(([, id]) => Number(id));
  return { datastoreLocation, systemDatastoreIds: ids };
}

/** From the configuration on stdin, if there is one. */
function readLocation({ stdin, document }: Context): string {
  const configuration: XmlElement | undefined = stdin === '' ? undefined : document();
  const inside = configuration && (find(configuration, 'MONITOR_CONFIGURATION') ?? configuration);
  return (inside && findText(inside, 'DATASTORE_LOCATION')) || '/var/lib/one/datastores';
}
