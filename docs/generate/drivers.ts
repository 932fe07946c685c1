/** docs/reference/drivers.md: what each driver does, which arguments it takes and what it refuses, from the table. */
import type { Action } from '../../src/drivers/contract/action.ts';
import {
  ACTION_FAMILIES,
  ACTIONS_OF_FAMILY,
  type ActionFamily,
  type ExpectedAction,
} from '../../src/drivers/contract/families.ts';
import { driverTable } from '../../src/drivers/table.ts';

type Actions = Readonly<Record<string, Action<never>>>;
interface Driver {
  readonly name: string;
  readonly actions: Actions;
}

const FAMILY_TITLES: Readonly<Record<ActionFamily, string>> = {
  datastore: 'Datastore drivers (DS_MAD)',
  tm: 'Transfer drivers (TM_MAD)',
  vmm: 'Virtualization drivers (VM_MAD)',
  vnm: 'Network drivers (VN_MAD)',
  market: 'Market drivers (MARKET_MAD)',
  ipam: 'Drivers of addresses (IPAM_MAD)',
};

export async function renderDrivers(): Promise<string> {
  const families = await Promise.all(ACTION_FAMILIES.map(renderFamily));
  const monitoring = Object.keys(driverTable.im).map((name) => `\`${name}\``);
  return [
    '# Drivers',
    "Each family lists the actions that OpenNebula calls, and what each driver makes of them: ✓ it does it, – it refuses, with the sentence below the table. Arguments are OpenNebula's own, `…` stands for any number; places of files are `<host>:<path>`. Datastore actions get `DS_DRIVER_ACTION_DATA` on standard input, virtualization actions the VM's document, as raw XML or in base64; market actions get `MARKET_DRIVER_ACTION_DATA` in base64 as their first argument; drivers of addresses get `IPAM_DRIVER_ACTION_DATA` on standard input, with the range (AR) and the address (ADDRESS). What they print is one line, or nothing; `monitor` prints `NAME=value` lines. How an action is added: [add a driver action](../how-to/add-a-driver-action.md). Settings: [driver-settings](driver-settings.md).",
    ...families,
    '## Monitoring drivers (IM_MAD)',
    `${monitoring.join(' and ')} follow a host and report what they see as it happens; they have no actions.`,
  ].join('\n\n');
}

async function renderFamily(family: ActionFamily): Promise<string> {
  const drivers = await Promise.all(
    Object.entries(driverTable[family]).map(async ([name, { load }]) => ({ name, actions: (await load()) as Actions })),
  );
  return [
    `## ${FAMILY_TITLES[family]}`,
    '',
    `| action | arguments | what OpenNebula expects | ${drivers.map(({ name }) => name).join(' | ')} |`,
    `|---|---|---|${drivers.map(() => '---|').join('')}`,
    ...Object.entries(ACTIONS_OF_FAMILY[family]).map(([action, expected]) => renderRow(action, expected, drivers)),
    '',
    ...drivers.flatMap(renderRefusals),
  ]
    .join('\n')
    .trimEnd();
}

function renderRow(action: string, { args, does }: ExpectedAction, drivers: readonly Driver[]): string {
  const marks = drivers.map(({ actions }) => (actions[action]?.refusal === undefined ? '✓' : '–'));
  const words = args.split(' ').filter((word) => word !== '');
  const list = words.map((word) => `\`${word.replace('...', '…')}\``).join(' ');
  return `| \`${action}\` | ${list} | ${does} | ${marks.join(' | ')} |`;
}

function renderRefusals({ name, actions }: Driver): string[] {
  const refused = Object.entries(actions).filter(([, { refusal }]) => refusal !== undefined);
  const reasons = new Set(refused.map(([, { refusal = '' }]) => refusal));
  return [...reasons].map((reason) => {
    const same = refused.filter(([, { refusal }]) => refusal === reason).map(([action]) => `\`${action}\``);
    return `- **${name}** refuses ${same.join(', ')}: ${reason}`;
  });
}
