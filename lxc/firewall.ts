/**
 * The sandbox's own nftables table on the user's machine. A table can take traffic away but not give it back, so this
 * one translates addresses, and only where the user's Docker drops what it does not know are two rules put into the
 * chain that Docker leaves to its user. Nothing else of the user's rules is touched.
 */
import { together } from '../src/errors/together.ts';
import type { NetworkSpec } from '../src/sandbox/testbed.ts';
import type { Transport } from '../src/transport/transport.ts';
import { bridgeName, firewallTable, linkPrefix, parseFirewallTable } from './names.ts';

/** Sandboxes that have a table. */
export async function listFirewalls(local: Transport): Promise<string[]> {
  const { stdout } = await local.run(['nft', '-j', 'list', 'tables']);
  const { nftables }: { nftables: { table?: { name: string } }[] } = JSON.parse(stdout);
  return nftables.flatMap(({ table }) => (table && parseFirewallTable(table.name)) ?? []);
}

/** @param internet  whether machines reach what the user's machine reaches */
export async function ensureFirewall(local: Transport, spec: NetworkSpec, internet: boolean): Promise<void> {
  await together(
    local.run(['nft', '-f', '-'], { stdin: firewallText(spec, internet) }),
    ensureDockerUserRules(local, spec.sandbox),
  );
}

export async function removeFirewall(local: Transport, sandbox: string): Promise<void> {
  const table = firewallTable(sandbox);
  // Adding first makes the deletion succeed when there is none.
  await local.run(['nft', '-f', '-'], { stdin: `add table ip ${table}\ndelete table ip ${table}\n` });
  await removeDockerUserRules(local, sandbox);
}

/** For `nft -f`, which carries out all of it or nothing. */
export function firewallText({ sandbox, management }: NetworkSpec, internet: boolean): string {
  const table = firewallTable(sandbox);
  const masquerade = `ip saddr ${management} oifname != "${bridgeName(sandbox, 'management')}" masquerade`;
  return `add table ip ${table}
delete table ip ${table}
table ip ${table} {
  chain forward {
    type filter hook forward priority filter; policy accept;
    iifname "${linkPrefix(sandbox)}*" oifname "${linkPrefix(sandbox)}*" accept
  }
  chain postrouting {
    type nat hook postrouting priority srcnat; policy accept;
    ${internet ? masquerade : '# Machines keep to their own networks.'}
  }
}
`;
}

/**
 * Docker on the user's machine has forwarded packets dropped by default, and where the kernel shows bridged frames to
 * the packet filter that cuts machines off from each other. `DOCKER-USER` is the chain that it keeps for such cases.
 */
const DOCKER_CHAIN = 'DOCKER-USER';

async function ensureDockerUserRules(local: Transport, sandbox: string): Promise<void> {
  const present = await listDockerUserRules(local);
  const wanted = dockerUserRules(sandbox);
  for (const rule of wanted.filter((each) => present?.some((line) => sameRule(line, each)) === false))
    await local.run(['iptables', '-w', '-I', DOCKER_CHAIN, ...rule]);
}

async function removeDockerUserRules(local: Transport, sandbox: string): Promise<void> {
  const present = (await listDockerUserRules(local)) ?? [];
  for (const rule of dockerUserRules(sandbox).filter((each) => present.some((line) => sameRule(line, each))))
    await local.run(['iptables', '-w', '-D', DOCKER_CHAIN, ...rule], { acceptExitCodes: [0, 1] });
}

/** Undefined where there is no such chain, or no iptables at all. */
async function listDockerUserRules(local: Transport): Promise<readonly string[] | undefined> {
  const listed = await local.run(['iptables', '-w', '-S', DOCKER_CHAIN]).catch(() => undefined);
  return listed?.stdout.split('\n');
}

function dockerUserRules(sandbox: string): readonly (readonly string[])[] {
  const rest = ['-m', 'comment', '--comment', `onedock:${sandbox}`, '-j', 'ACCEPT'];
  return ['-i', '-o'].map((direction) => [direction, `${linkPrefix(sandbox)}+`, ...rest]);
}

/** iptables puts some words in quotes when it lists a rule. */
function sameRule(line: string, rule: readonly string[]): boolean {
  return line.replaceAll('"', '') === `-A ${DOCKER_CHAIN} ${rule.join(' ')}`;
}
