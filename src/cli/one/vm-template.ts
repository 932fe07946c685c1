/**
 * Templates of VMs made from flags, for onevm create, onetemplate create and instantiate. The text, its order and its
 * blanks are those of OpenNebula's commands (src/cli/one_helper.rb create_template, 7.4), which `--dry` shows.
 */
import { Refusal } from './refusal.ts';
import type { AnyOption, Option, Run } from './run.ts';
import {
  ARCH,
  AS_GID,
  AS_UID,
  BOOT,
  CONTEXT,
  CPU,
  DISK,
  FILES_DS,
  INIT,
  MEMORY,
  NET_CONTEXT,
  NIC,
  RAW,
  REPORT_READY,
  SPICE,
  SPICE_KEYMAP,
  SPICE_LISTEN,
  SPICE_PASSWORD,
  SSH,
  STARTSCRIPT,
  VCPU,
  VIDEO,
  VIDEO_ATS,
  VIDEO_IOMMU,
  VIDEO_RESOLUTION,
  VIDEO_VRAM,
  VM_NAME,
  VNC,
  VNC_KEYMAP,
  VNC_LISTEN,
  VNC_PASSWORD,
} from './vm-flags.ts';

export interface VmTemplateBase {
  /** Whether NAME goes into the text. */
  readonly withName: boolean;
  /** The context that flags add to, in order. */
  readonly context?: ReadonlyMap<string, string>;
}

/** @throws Refusal when a file of a flag cannot be read or a disk or network is malformed */
export function vmTemplate(run: Run, { withName, context }: VmTemplateBase): string {
  return [
    withName ? given(run, VM_NAME, (name) => `NAME="${name}"\n`) : '',
    osSection(run),
    given(run, CPU, (cpu) => `CPU=${Number.isInteger(cpu) ? cpu.toFixed(1) : cpu}\n`),
    given(run, VCPU, (vcpu) => `VCPU=${vcpu}\n`),
    given(run, MEMORY, (memory) => `MEMORY=${memory}\n`),
    given(run, RAW, (raw) => `${raw}\n`),
    given(run, AS_UID, (uid) => `AS_UID=${uid}\n`),
    given(run, AS_GID, (gid) => `AS_GID=${gid}\n`),
    given(run, DISK, (disks) => disks.map((disk) => deviceSection(disk, 'DISK', 'IMAGE')).join('')),
    given(run, NIC, (nics) => nics.map((nic) => deviceSection(nic, 'NIC', 'NETWORK')).join('')),
    ...GRAPHICS.map((kind) => graphicsSection(run, kind)),
    videoSection(run),
    contextSection(run, context ?? new Map()),
  ].join('');
}

function given<Value>(run: Run, option: Option<Value>, print: (value: Value) => string): string {
  const value = run.get(option);
  return value === undefined ? '' : print(value);
}

function osSection(run: Run): string {
  const lines = [given(run, ARCH, (arch) => `  ARCH = "${arch}"`), given(run, BOOT, (boot) => `  BOOT = "${boot}"`)];
  const filled = lines.filter((line) => line !== '');
  return filled.length === 0 ? '' : `OS = [\n${filled.join(',\n')} ]\n`;
}

/** `owner[name]:key=value:…`; what holds no equal sign belongs to the value before, as in a MAC address. */
function deviceSection(typed: string, section: 'DISK' | 'NIC', reference: 'IMAGE' | 'NETWORK'): string {
  const [object = '', ...pieces] = typed.split(':');
  const attributes: string[] = [];
  for (const piece of pieces) {
    if (piece.includes('=') || attributes.length === 0) attributes.push(piece);
    else attributes.push(`${attributes.pop()}:${piece}`);
  }
  const [, first, inBrackets] = /^([^[]+)(?:\[([^\]]+)\])?$/.exec(object) ?? [];
  if (first === undefined) {
    const title = section === 'DISK' ? 'Disk' : 'Nic';
    throw new Refusal(`${title} "${object}" malformed`);
  }
  const [owner, name] = inBrackets === undefined ? [undefined, first] : [first, inBrackets];
  const isAutomatic = section === 'NIC' && ['auto', 'dummy'].includes(name.toLowerCase());
  const lines = [
    owner !== undefined && !isAutomatic ? [`  ${reference}_UNAME="${owner}",`] : [],
    attributes.map((attribute) => {
      const [key = '', value = ''] = attribute.split('=');
      return `  ${key.toUpperCase()}="${unquoted(value)}",`;
    }),
    isAutomatic
      ? `  NETWORK_MODE="${name}"`
      : /^\d+$/.test(name)
        ? `  ${reference}_ID=${name}`
        : `  ${reference}="${name}"`,
  ];
  return `${section}=[\n${lines.flat().join('\n')}\n]\n`;
}

function unquoted(value: string): string {
  return value.replace(/^"(.*)"$/, '$1');
}

/** Which flags ask for a kind of screen, and describe it. */
const GRAPHICS = [
  { type: 'vnc', wanted: VNC, listen: VNC_LISTEN, password: VNC_PASSWORD, keymap: VNC_KEYMAP },
  { type: 'spice', wanted: SPICE, listen: SPICE_LISTEN, password: SPICE_PASSWORD, keymap: SPICE_KEYMAP },
] as const;

function graphicsSection(run: Run, { type, wanted, listen, password, keymap }: (typeof GRAPHICS)[number]): string {
  if (!run.has(wanted)) return '';
  const attributes = [
    `TYPE="${type}"`,
    `LISTEN="${run.get(listen) ?? '0.0.0.0'}"`,
    given(run, password, (value) => `PASSWD="${value}"`),
    given(run, keymap, (value) => `KEYMAP="${value}"`),
  ];
  return `GRAPHICS=[ ${attributes.filter((attribute) => attribute !== '').join(', ')} ]\n`;
}

function videoSection(run: Run): string {
  if (!run.has(VIDEO)) return '';
  const attributes = [
    given(run, VIDEO, (type) => `TYPE="${type}"`),
    run.has(VIDEO_IOMMU) ? 'IOMMU="YES"' : '',
    run.has(VIDEO_ATS) ? 'ATS="YES"' : '',
    given(run, VIDEO_VRAM, (vram) => `VRAM="${vram}"`),
    given(run, VIDEO_RESOLUTION, (resolution) => `RESOLUTION="${resolution}"`),
  ];
  return `VIDEO=[ ${attributes.filter((attribute) => attribute !== '').join(', ')} ]\n`;
}

const CONTEXT_FLAGS: readonly AnyOption[] = [SSH, NET_CONTEXT, CONTEXT, INIT, FILES_DS, STARTSCRIPT, REPORT_READY];

function contextSection(run: Run, base: ReadonlyMap<string, string>): string {
  if (!CONTEXT_FLAGS.some((option) => run.has(option))) return '';
  const values = new Map(base);
  const put = (name: string, value: string | undefined) => {
    if (value !== undefined) values.set(name, value);
  };
  const ssh = run.get(SSH);
  put('SSH_PUBLIC_KEY', typeof ssh === 'string' ? readWhole(run, ssh).trim() : ssh && '$USER[SSH_PUBLIC_KEY]');
  put('NETWORK', run.has(NET_CONTEXT) ? 'YES' : undefined);
  put(
    'FILES_DS',
    run
      .get(FILES_DS)
      ?.map((file) => `$FILE[IMAGE=\\"${file}\\"]`)
      .join(' '),
  );
  put('INIT_SCRIPTS', run.get(INIT)?.join(' '));
  const script = run.get(STARTSCRIPT);
  put('START_SCRIPT_BASE64', script && Buffer.from(readWhole(run, script).trim()).toString('base64'));
  put('REPORT_READY', run.has(REPORT_READY) ? 'YES' : undefined);
  const lines = [
    ...(run.get(CONTEXT) ?? []).map((line) => ` ${line}`),
    ...[...values].map(([name, value]) => `  ${name}="${value}"`),
  ];
  return lines.length === 0 ? '' : `CONTEXT=[\n${lines.join(',\n')}\n]\n`;
}

function readWhole(run: Run, path: string): string {
  const contents = run.io.readFile(path);
  if (contents === undefined) throw new Refusal(`No such file or directory @ rb_sysopen - ${path}`);
  return contents;
}
