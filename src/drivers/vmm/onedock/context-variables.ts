/**
 * The variables of CONTEXT that mean something to OpenNebula's guests (one-apps, context-linux, 7.x), and what becomes of
 * them in a container. Every variable is in /mnt/context.sh besides, also those that are not named here. Pure.
 */

export interface ContextVariables {
  readonly names: readonly string[];
  /** A sentence for the reader of the reference. */
  readonly does: string;
  /**
   * Who heeds them: the `driver` outside of the container; the `guest`, by its first process as root; `nobody`.
   */
  readonly by: 'driver' | 'guest' | 'nobody';
  /** When a VM heeds a change (`onevm updateconf`). A container is made anew when the VM comes to another host. */
  readonly changes: 'at once' | 'at the next start' | 'in a new container' | 'never';
}

export const CONTEXT_VARIABLES: readonly ContextVariables[] = [
  {
    names: ['ETHn_IP', 'ETHn_MASK', 'ETHn_IP6', 'ETHn_IP6_ULA', 'ETHn_IP6_PREFIX_LENGTH', 'ETHn_MAC', 'ETHn_MTU'],
    does: 'Addresses of NIC n, with those of its aliases; a prefix of 24, or 64 for IPv6, where none is known.',
    by: 'driver',
    changes: 'at the next start',
  },
  {
    names: ['ETHn_METHOD', 'ETHn_IP6_METHOD'],
    does: '`static` unless given; `skip` for no addresses; `dhcp` for one that a server of the network gives, IPv4 only; `auto` for what IPv6 routers tell; `disable` for no IPv6.',
    by: 'driver',
    changes: 'at the next start',
  },
  {
    names: ['ETHn_GATEWAY', 'ETHn_IP6_GATEWAY', 'ETHn_METRIC', 'ETHn_IP6_METRIC', 'ETHn_ROUTES'],
    does: 'Default routes, of which that of the least metric counts, without one the first NIC before the others; and further ones as `10.0.0.0/8 via 10.1.1.1, …`.',
    by: 'driver',
    changes: 'at the next start',
  },
  {
    names: ['ETHn_ALIASm_MASK', 'ETHn_ALIASm_IP6_PREFIX_LENGTH', 'ETHn_ALIASm_EXTERNAL'],
    does: 'Prefixes of alias m of NIC n, those of the NIC unless given; an EXTERNAL one is not for the VM.',
    by: 'driver',
    changes: 'at once',
  },
  {
    names: ['ETHn_DNS', 'ETHn_SEARCH_DOMAIN', 'DNS', 'SEARCH_DOMAIN'],
    does: 'Name servers and domains in /etc/resolv.conf.',
    by: 'driver',
    changes: 'at the next start',
  },
  {
    names: ['SET_HOSTNAME'],
    does: 'Host name, `one-<id>` unless given.',
    by: 'driver',
    changes: 'in a new container',
  },
  {
    names: ['SSH_PUBLIC_KEY', 'EC2_PUBLIC_KEY'],
    does: 'Lines that are added to `.ssh/authorized_keys` of USERNAME, or of root.',
    by: 'guest',
    changes: 'at once',
  },
  {
    names: ['USERNAME', 'USERNAME_SUDO'],
    does: 'A user, root unless given, who is made if the image has none of that name, and may do everything by sudo, where that is installed, unless USERNAME_SUDO is NO.',
    by: 'guest',
    changes: 'at once',
  },
  {
    names: ['PASSWORD', 'PASSWORD_BASE64', 'CRYPTED_PASSWORD', 'CRYPTED_PASSWORD_BASE64'],
    does: "That user's password, in clear or as it stands in /etc/shadow. The last one that is given counts.",
    by: 'guest',
    changes: 'at once',
  },
  {
    names: ['TIMEZONE'],
    does: '/etc/localtime and /etc/timezone, where the image has /usr/share/zoneinfo.',
    by: 'guest',
    changes: 'at once',
  },
  {
    names: ['FILES_DS', 'FILES'],
    does: 'Files beside context.sh in /mnt.',
    by: 'driver',
    changes: 'at once',
  },
  {
    names: ['INIT_SCRIPTS'],
    does: 'Which of these files are run before the command starts, `init.sh` unless given. They have a minute; what takes longer goes on beside it.',
    by: 'guest',
    changes: 'at the next start',
  },
  {
    names: ['START_SCRIPT', 'START_SCRIPT_BASE64'],
    does: 'A script that is run after them, in the same way. The second wins over the first.',
    by: 'guest',
    changes: 'at the next start',
  },
  {
    names: ['DNS_HOSTNAME', 'EC2_HOSTNAME'],
    does: 'A container cannot change its own host name; give it by SET_HOSTNAME.',
    by: 'nobody',
    changes: 'never',
  },
  {
    names: ['REPORT_READY', 'READY_SCRIPT', 'READY_SCRIPT_PATH'],
    does: 'With `REPORT_READY=YES` and TOKEN, `READY=YES` is sent to ONEGATE_ENDPOINT, beside the command, when the scripts (if any) have succeeded. Over HTTP: an endpoint with HTTPS is left to programs of the VM, which has `token.txt` in /mnt.',
    by: 'guest',
    changes: 'at the next start',
  },
  {
    names: ['GROW_FS', 'GROW_ROOTFS'],
    does: 'The root disk has no size of its own, and other disks are grown by the host when they are resized.',
    by: 'nobody',
    changes: 'never',
  },
];

/** Names of variables without a number in them. */
export function namesOf(by: ContextVariables['by']): string[] {
  return CONTEXT_VARIABLES.filter((row) => row.by === by).flatMap(({ names }) =>
    names.filter((name) => !name.includes('n_')),
  );
}
