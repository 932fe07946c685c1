import type { MachineDescription } from '../provision/machine-description.ts';
import { unitText } from '../provision/unit-text.ts';

/** What a machine does at boot that a container has no use for, by the reason. */
const NEEDLESS_UNITS = [
  // Nobody logs in at a console.
  ...['console-getty.service', 'getty.target', 'getty-static.service'],
  ...['systemd-ask-password-console.path', 'systemd-ask-password-wall.path', 'systemd-user-sessions.service'],
  // The kernel, its modules, devices and file systems are the user's machine's.
  ...['kmod-static-nodes.service', 'modprobe@.service', 'systemd-modules-load.service', 'systemd-binfmt.service'],
  ...['dev-hugepages.mount', 'dev-mqueue.mount', 'sys-fs-fuse-connections.mount', 'sys-kernel-config.mount'],
  ...['sys-kernel-debug.mount', 'sys-kernel-tracing.mount', 'proc-sys-fs-binfmt_misc.automount'],
  ...['systemd-pstore.service', 'systemd-random-seed.service', 'systemd-remount-fs.service', 'remote-fs.target'],
  ...['cryptsetup.target', 'integritysetup.target', 'veritysetup.target', 'e2scrub_reap.service'],
  ...['e2scrub_all.timer', 'fstrim.timer'],
  // The layers have all that is set up at a first start.
  ...['systemd-firstboot.service', 'systemd-machine-id-commit.service', 'systemd-sysusers.service'],
  ...['systemd-repart.service', 'systemd-update-done.service', 'ldconfig.service'],
  ...['systemd-journal-catalog-update.service', 'systemd-hwdb-update.service'],
  // Records and upkeep of machines that live long. The journal stays in memory.
  ...['systemd-update-utmp.service', 'systemd-update-utmp-runlevel.service', 'systemd-journal-flush.service'],
  ...['systemd-journald-audit.socket', 'systemd-initctl.socket', 'systemd-pcrphase.service'],
  ...['systemd-pcrphase-sysinit.service', 'apt-daily.timer', 'apt-daily-upgrade.timer', 'dpkg-db-backup.timer'],
];

/** Programs that systemd runs before any unit; none finds anything to do. */
const NEEDLESS_GENERATORS = [
  ...['systemd-cryptsetup-generator', 'systemd-debug-generator', 'systemd-fstab-generator'],
  ...['systemd-getty-generator', 'systemd-gpt-auto-generator', 'systemd-hibernate-resume-generator'],
  ...['systemd-integritysetup-generator', 'systemd-rc-local-generator', 'systemd-run-generator'],
  ...['systemd-system-update-generator', 'systemd-sysv-generator', 'systemd-veritysetup-generator'],
];

/** What makes an LXC machine start in well under a second. A real machine keeps its units as they are. */
export function quickBoot(): MachineDescription {
  return {
    maskedUnits: NEEDLESS_UNITS,
    links: [
      { path: '/etc/systemd/system/default.target', target: '/lib/systemd/system/multi-user.target' },
      ...NEEDLESS_GENERATORS.map((name) => ({ path: `/etc/systemd/system-generators/${name}`, target: '/dev/null' })),
      // It still starts when `reboot` or `shutdown` calls it by D-Bus.
      { path: '/etc/systemd/system/multi-user.target.wants/systemd-logind.service', target: '/dev/null' },
      // It has sshd refuse everybody but root until systemd-user-sessions runs.
      { path: '/etc/tmpfiles.d/systemd-nologin.conf', target: '/dev/null' },
    ],
    files: [
      // Sessions need no PAM where nobody has a password; each would cost a look at a dozen modules.
      { path: '/etc/ssh/sshd_config.d/quick-boot.conf', mode: 0o644, content: 'UsePAM no\n' },
      dropIn('ssh.service', { ExecStartPre: '' }),
      dropIn('containerd.service', { ExecStartPre: '' }),
    ],
  };
}

/** An empty setting takes away what the unit has. */
function dropIn(unit: string, service: Readonly<Record<string, string>>) {
  return {
    path: `/etc/systemd/system/${unit}.d/quick-boot.conf`,
    mode: 0o644,
    content: unitText({ Service: service }),
  };
}
