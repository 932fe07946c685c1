/** Flags that make templates of VMs, for onevm create, onetemplate create and instantiate; `vm-template.ts` makes them. */
import { converted, decimal, flag, integer, list, optionalText, text } from './option.ts';
import { Refusal } from './refusal.ts';
import type { AnyOption } from './run.ts';
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

export const ARCH = text({ name: 'arch', long: '--arch', argument: 'arch', help: 'Architecture, as in x86_64' });

export const DISK = list({
  name: 'disk',
  long: '--disk',
  argument: 'image0,image1',
  help: 'Images by name or id, as owner[name] those of others; attributes follow with colons: web:size=1000:target=vda',
});

export const NIC = list({
  name: 'nic',
  long: '--nic',
  argument: 'network0,network1',
  help: 'Networks, written like --disk; auto leaves the choice to the scheduler',
});

export const RAW = text({
  name: 'raw',
  long: '--raw',
  argument: 'string',
  help: 'Text added to the template as it is',
});

export const VNC = flag({ name: 'vnc', long: '--vnc', help: 'Add a VNC server' });

export const VNC_PASSWORD = text({
  name: 'vnc_password',
  long: '--vnc-password',
  argument: 'password',
  help: 'Password of the VNC server',
});

export const VNC_LISTEN = text({
  name: 'vnc_listen',
  long: '--vnc-listen',
  argument: 'ip',
  help: 'Address on which the VNC server listens, all by default',
});

export const VNC_KEYMAP = text({
  name: 'vnc_keymap',
  long: '--vnc-keymap',
  argument: 'keymap',
  help: 'Keyboard layout of the VNC server',
});

export const SPICE = flag({ name: 'spice', long: '--spice', help: 'Add a SPICE server' });

export const SPICE_PASSWORD = text({
  name: 'spice_password',
  long: '--spice-password',
  argument: 'password',
  help: 'Password of the SPICE server',
});

export const SPICE_LISTEN = text({
  name: 'spice_listen',
  long: '--spice-listen',
  argument: 'ip',
  help: 'Address on which the SPICE server listens, all by default',
});

export const SPICE_KEYMAP = text({
  name: 'spice_keymap',
  long: '--spice-keymap',
  argument: 'keymap',
  help: 'Keyboard layout of the SPICE server',
});

export const SSH = optionalText({
  name: 'ssh',
  long: '--ssh',
  argument: '[file]',
  help: 'Put a public key into the context: of a file, or SSH_PUBLIC_KEY of the user',
});

export const NET_CONTEXT = flag({
  name: 'net_context',
  long: '--net_context',
  help: 'Put the network into the context',
});

export const CONTEXT = list({
  name: 'context',
  long: '--context',
  argument: 'line1,line2,line3',
  help: 'Lines of the context, as in A=1,B=2',
});

export const BOOT = text({
  name: 'boot',
  long: '--boot',
  argument: 'device_list',
  help: 'Boot order, as in disk0,nic0',
});

export const FILES_DS = list({
  name: 'files_ds',
  long: '--files_ds',
  argument: 'file1,file2',
  help: 'Files of a files datastore for the context',
});

export const INIT = list({
  name: 'init',
  long: '--init',
  argument: 'script1,script2',
  help: 'Scripts to run when the VM starts',
});

export const STARTSCRIPT = text({
  name: 'startscript',
  long: '--startscript',
  argument: '[file]',
  help: 'File with a script that runs when the VM starts',
});

export const REPORT_READY = flag({ name: 'report_ready', long: '--report_ready', help: 'Report READY=YES to OneGate' });

/** `a=1,b=x,y` as assignments; a comma inside a value stays when no name follows it. */
export const USER_INPUTS = converted(
  { name: 'user_inputs', long: '--user-inputs', argument: 'ui1,ui2,ui3', help: 'Values of user inputs, as in a=1,b=2' },
  (typed) =>
    [...typed.matchAll(/(?:^|,)([^,=]+)=(.+?)(?=,[^,]+=|$)/g)].map(([, name = '', value = '']) => ({ name, value })),
);

export const VIDEO = text({
  name: 'video',
  long: '--video',
  argument: 'type',
  help: 'Video device: none, vga, cirrus, virtio',
});

export const VIDEO_IOMMU = flag({ name: 'video_iommu', long: '--video-iommu', help: 'IOMMU for the video device' });

export const VIDEO_ATS = flag({
  name: 'video_ats',
  long: '--video-ats',
  help: 'Address translation for the video device',
});

export const VIDEO_VRAM = converted(
  { name: 'video_vram', long: '--video-vram', argument: 'vram', help: 'Memory of the video device in MB, or g' },
  (typed) => megabytes(typed, { malformed: 'VRAM value malformed' }) * 1024,
);

export const VIDEO_RESOLUTION = converted(
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

export const AS_GID = integer({
  name: 'as_gid',
  long: '--as_gid',
  argument: 'gid',
  help: 'Group that VMs are created for',
});

export const AS_UID = integer({
  name: 'as_uid',
  long: '--as_uid',
  argument: 'uid',
  help: 'User that VMs are created for',
});

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

/** The same for templates, which may be instantiated for somebody else. */
export const TEMPLATE_FLAGS: readonly AnyOption[] = [...VM_FLAGS, AS_GID, AS_UID];

export const DRY = flag({ name: 'dry', long: '--dry', help: 'Print the template, create nothing' });
