/** GRAPHICS of a VM: who may look at its console, and where (src/vmm/LibVirtDriverKVM.cc, 7.4). */
import { isIP } from 'node:net';
import { find, leaves, type XmlElement } from '../../../opennebula/xml.ts';
import { removeConsoleRecord, writeConsoleRecord } from '../../hosts/console-records.ts';
import type { Context } from './services.ts';

export interface Display {
  readonly type: string;
  readonly address: string;
  /** Chosen by OpenNebula when the VM comes to a host. */
  readonly port: number;
  readonly password: string;
}

export function readDisplay(template: XmlElement): Display | undefined {
  const graphics = find(template, 'GRAPHICS');
  if (!graphics) return undefined;
  const { TYPE = '', LISTEN = '', PORT = '', PASSWD = '' } = leaves(graphics);
  return {
    type: TYPE.toLowerCase(),
    address: isIP(LISTEN) === 0 ? EVERYWHERE : LISTEN,
    port: Number(PORT),
    password: PASSWD,
  };
}

const EVERYWHERE = '0.0.0.0';

type Needs = Pick<Context, 'settings' | 'log'>;

/** Has the console server show the console of a VM that runs, if it is to be seen. May be repeated. */
export async function showConsole(
  vm: { readonly id: number; readonly display: Display | undefined },
  host: string,
  { settings, log }: Needs,
): Promise<void> {
  const { id, display } = vm;
  const folder = settings.frontend.consoles;
  if (!display) return hideConsole(id, { settings });
  const { type, address, port, password } = display;
  if (type !== 'vnc' || !(port > 0)) {
    log('warning', `GRAPHICS of TYPE ${type.toUpperCase() || '(none)'} is not served for containers, only VNC is.`);
    return hideConsole(id, { settings });
  }
  const isServed = await writeConsoleRecord(folder, { vmId: id, host, address, port, password });
  if (!isServed) log('warning', `The VM has no VNC console: there is no folder ${folder} for a console server.`);
}

/** The VM no longer runs there. */
export async function hideConsole(vmId: number | string, { settings }: Pick<Needs, 'settings'>): Promise<void> {
  await removeConsoleRecord(settings.frontend.consoles, vmId);
}
