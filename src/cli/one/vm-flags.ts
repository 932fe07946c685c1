/**
 * Templates of VMs made from flags, for onevm create, onetemplate create and instantiate. The text, its order and its
 * blanks are those of OpenNebula's commands (src/cli/one_helper.rb create_template, 7.4), which `--dry` shows.
 */
import { type AnyOption, converted, decimal, flag, integer, list, type Option, optionalText, text } from './option.ts';
import { Refusal } from './refusal.ts';
import type { Run } from './run.ts';
import { megabytes } from './size-text.ts';

export const CPU = decimal({ name: 'cpu', long: '--cpu', argument: 'cpu', help: 'CPU of the VM, 1 for a whole one' });
export const VCPU = integer({ name: 'vcpu', long: '--vcpu', argument: 'vcpu', help: 'Number of virtual CPUs' });
export const MEMORY = converted(
  { name: 'memory', long: '--memory', argument: 'memory', help: 'Memory in MB, or with g in GB: 8g, 0.5g' },
  (typed) => megabytes(typed, { malformed: 'Memory value malformed' }),
);
export const VM_NAME = text({
  name: 'name',
  long: '--name',
  argument: 'name',
  help: 'Name of the VM or template; %i is the number of the VM when several are instantiated',
});
const ARCH = text({ name: 'arch', long: '--arch', argument: 'arch', help: 'Architecture, as in x86_64' });
const DISK = list({
  name: 'disk',
  long: '--disk',
  argument: 'image0,image1',
  help: 'Images by name or id, as owner[name] those of others; attributes follow with colons: web:size=1000:target=vda',
});
const NIC = list({
  name: 'nic',
  long: '--nic',
  argument: 'network0,network1',
  help: 'Networks, written like --disk; auto leaves the choice to the scheduler',
});
const RAW = text({ name: 'raw', long: '--raw', argument: 'string', help: 'Text added to the template as it is' });
const VNC = flag({ name: 'vnc', long: '--vnc', help: 'Add a VNC server' });
const VNC_PASSWORD = text({
  name: 'vnc_password',
  long: '--vnc-password',
  argument: 'password',
  help: 'Password of the VNC server',
});
const VNC_LISTEN = text({
  name: 'vnc_listen',
  long: '--vnc-listen',
  argument: 'ip',
  help: 'Address on which the VNC server listens, all by default',
});
const VNC_KEYMAP = text({
  name: 'vnc_keymap',
  long: '--vnc-keymap',
  argument: 'keymap',
  help: 'Keyboard layout of the VNC server',
});
const SPICE = flag({ name: 'spice', long: '--spice', help: 'Add a SPICE server' });
const SPICE_PASSWORD = text({
  name: 'spice_password',
  long: '--spice-password',
  argument: 'password',
  help: 'Password of the SPICE server',
});
const SPICE_LISTEN = text({
  name: 'spice_listen',
  long: '--spice-listen',
  argument: 'ip',
  help: 'Address on which the SPICE server listens, all by default',
});
const SPICE_KEYMAP = text({
  name: 'spice_keymap',
  long: '--spice-keymap',
  argument: 'keymap',
  help: 'Keyboard layout of the SPICE server',
});
const SSH = optionalText({
  name: 'ssh',
  long: '--ssh',
  argument: '[file]',
  help: 'Put a public key into the context: of a file, or SSH_PUBLIC_KEY of the user',
});
const NET_CONTEXT = flag({ name: 'net_context', long: '--net_context', help: 'Put the network into the context' });
const CONTEXT = list({
  name: 'context',
  long: '--context',
  argument: 'line1,line2,line3',
  help: 'Lines of the context, as in A=1,B=2',
});
const BOOT = text({ name: 'boot', long: '--boot', argument: 'device_list', help: 'Boot order, as in disk0,nic0' });
const FILES_DS = list({
  name: 'files_ds',
  long: '--files_ds',
  argument: 'file1,file2',
  help: 'Files of a files datastore for the context',
});
const INIT = list({
  name: 'init',
  long: '--init',
  argument: 'script1,script2',
  help: 'Scripts to run when the VM starts',
});
const STARTSCRIPT = text({
  name: 'startscript',
  long: '--startscript',
  argument: '[file]',
  help: 'File with a script that runs when the VM starts',
});
const REPORT_READY = flag({ name: 'report_ready', long: '--report_ready', help: 'Report READY=YES to OneGate' });
/** `a=1,b=x,y` as assignments; a comma inside a value stays when no name follows it. */
export const USER_INPUTS = converted(
  { name: 'user_inputs', long: '--user-inputs', argument: 'ui1,ui2,ui3', help: 'Values of user inputs, as in a=1,b=2' },
  (typed) =>
    [...typed.matchAll(/(?:^|,)([^,=]+)=(.+?)(?=,[^,]+=|$)/g)].map(([, name = '', value = '']) => ({ name, value })),
);
const VIDEO = text({
  name: 'video',
  long: '--video',
  argument: 'type',
  help: 'Video device: none, vga, cirrus, virtio',
});
const VIDEO_IOMMU = flag({ name: 'video_iommu', long: '--video-iommu', help: 'IOMMU for the video device' });
const VIDEO_ATS = flag({ name: 'video_ats', long: '--video-ats', help: 'Address translation for the video device' });
const VIDEO_VRAM = converted(
  { name: 'video_vram', long: '--video-vram', argument: 'vram', help: 'Memory of the video device in MB, or g' },
  (typed) => megabytes(typed, { malformed: 'VRAM value malformed' }) * 1024,
);
const VIDEO_RESOLUTION = converted(
  {
    name: 'video_resolution',
    long: '--video-resolution',
    argument: 'resolution',
    help: 'Resolution of the video device, as in 1280x720',
  },
  (typed) => {
    if (!/^\d{3,4}x\d{3,4}$/.test(typed)) throw new Refusal('Video Resolution value malformed');
    return typed;
  },
);
const AS_GID = integer({ name: 'as_gid', long: '--as_gid', argument: 'gid', help: 'Group that VMs are created for' });
const AS_UID = integer({ name: 'as_uid', long: '--as_uid', argument: 'uid', help: 'User that VMs are created for' });

/** Flags that stand against a template in a file or on standard input. */
export const VM_FLAGS: readonly AnyOption[] = [
  CPU,
  VCPU,
  ARCH,
  MEMORY,
  DISK,
  NIC,
  RAW,
  VNC,
  VNC_PASSWORD,
  VNC_LISTEN,
  VNC_KEYMAP,
  SPICE,
  SPICE_PASSWORD,
  SPICE_LISTEN,
  SPICE_KEYMAP,
  SSH,
  NET_CONTEXT,
  CONTEXT,
  BOOT,
  FILES_DS,
  INIT,
  STARTSCRIPT,
  REPORT_READY,
  USER_INPUTS,
  VIDEO,
  VIDEO_IOMMU,
  VIDEO_ATS,
  VIDEO_VRAM,
  VIDEO_RESOLUTION,
];

export const AS_FLAGS: readonly AnyOption[] = [AS_GID, AS_UID];

export const DRY = flag({ name: 'dry', long: '--dry', help: 'Print the template, create nothing' });

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
    graphicsSection(run, 'vnc', VNC, VNC_LISTEN, VNC_PASSWORD, VNC_KEYMAP),
    graphicsSection(run, 'spice', SPICE, SPICE_LISTEN, SPICE_PASSWORD, SPICE_KEYMAP),
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

function graphicsSection(
  run: Run,
  type: string,
  wanted: Option<boolean>,
  listen: Option<string>,
  password: Option<string>,
  keymap: Option<string>,
): string {
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
