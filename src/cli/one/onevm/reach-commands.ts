/** Ways into VMs from a terminal. */
import { LCM_STATE } from '../../../opennebula/vm-states.ts';
import { type Command, command, optional, required } from '../command.ts';
import { intFormat, textFormat } from '../formats.ts';
import { text } from '../option.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import { vm } from './vm.ts';
import { lastRecord } from './vm-table.ts';

const NIC_ID = text({ name: 'nic_id', long: '--nic-id', argument: 'nic_id', help: 'NIC by which to reach the VM' });

const CMD = text({ name: 'cmd', long: '--cmd', argument: 'cmd', help: 'Command to run, in place of a shell' });

const SSH_OPTIONS = text({ name: 'ssh_opts', long: '--ssh-options', argument: 'options', help: 'Options of ssh' });

const SSH_PORT = 22;

const ssh = command({
  name: 'ssh',
  help: 'Opens a shell in a VM by SSH, as the user of its context, the one given, or root.',
  args: [required(vm.id), optional(textFormat('login'))],
  options: [NIC_ID, CMD, SSH_OPTIONS],
  run: async (run, id, login = 'root') => {
    const document = await fetchDocument(run, 'one.vm.info', id, false);
    if (document.int('LCM_STATE') !== LCM_STATE.RUNNING) throw new Refusal('VM is not RUNNING, cannot SSH to it');
    const nics = document.all('TEMPLATE/NIC');
    const wanted = run.get(NIC_ID);
    const chosen = nics.find((nic) => (wanted === undefined ? nic.get('SSH') === 'YES' : nic.get('NIC_ID') === wanted));
    const nic = chosen ?? nics[0];
    if (!nic) throw new Refusal('No NIC found');
    const forwarded = nic.get('EXTERNAL_PORT_RANGE')?.split(':')[0];
    const address = forwarded === undefined ? nic.get('IP') : lastRecord(document)?.get('HOSTNAME');
    const port = forwarded === undefined ? SSH_PORT : Number(forwarded) + SSH_PORT - 1;
    const user = document.get('TEMPLATE/CONTEXT/USERNAME') ?? login;
    const options = run.get(SSH_OPTIONS)?.split(/\s+/) ?? [];
    const program = run.has(CMD) ? [run.get(CMD) ?? ''] : [];
    return run.io.runProgram(['ssh', ...options, `${user}@${address}`, '-p', String(port), ...program]);
  },
});

const portForward = command({
  name: 'port-forward',
  help: 'Shows which port of the host leads to a port of a VM, or all of them.',
  args: [required(vm.id), optional(intFormat('port', 'Port of the VM'))],
  options: [NIC_ID],
  run: async (run, id, port) => {
    const document = await fetchDocument(run, 'one.vm.info', id, false);
    const nics = document.all('TEMPLATE/NIC');
    const wanted = run.get(NIC_ID);
    const nic =
      nics.find((n) => (wanted === undefined ? n.get('SSH') === 'YES' : n.get('NIC_ID') === wanted)) ?? nics[0];
    if (!nic) throw new Refusal('No NIC found');
    const outside = nic.get('EXTERNAL_PORT_RANGE');
    if (outside === undefined) throw new Refusal('No PORT_RANGE found');
    const [firstOutside = 0, lastOutside = 0] = outside.split(':').map(Number);
    const firstInside = Number.parseInt(nic.get('INTERNAL_PORT_RANGE') ?? '', 10) || 1;
    const host = lastRecord(document)?.get('HOSTNAME');
    const inside =
      port === undefined ? Array.from({ length: lastOutside - firstOutside + 1 }, (_, i) => firstInside + i) : [port];
    for (const p of inside) run.print(`${host}@${firstOutside + p - firstInside} -> ${p}`);
  },
});

const VNC_CLIENT = text({ name: 'vnc', long: '--vnc', argument: 'vnc', help: 'VNC viewer to start' });

const vnc = command({
  name: 'vnc',
  help: 'Starts a VNC viewer on the console of a VM.',
  args: [required(vm.id)],
  options: [VNC_CLIENT],
  run: async (run, id) => {
    const document = await fetchDocument(run, 'one.vm.info', id, false);
    const address = `${lastRecord(document)?.get('HOSTNAME')}::${document.get('TEMPLATE/GRAPHICS/PORT')}`;
    return run.io.runProgram([run.get(VNC_CLIENT) ?? 'vncviewer', address]);
  },
});

export const reachCommands: readonly Command[] = [ssh, portForward, vnc];
