import type { Finding } from '../../errors/finding.ts';
import { messageOf } from '../../errors/thrown.ts';
import type { Transport } from '../../transport/transport.ts';
import { fail } from '../errors.ts';
import { type Report, reportStep } from '../events.ts';
import { chooseSubnets } from '../free-subnets.ts';
import type { Services } from '../services.ts';
import { takenNetworks } from '../taken-networks.ts';
import { judge, judgeFitness } from './judge.ts';

/** All that `doctor` looks at. @param hosts  how many a sandbox is to have */
export async function examine(services: Omit<Services, 'connect'>, hosts: number): Promise<Finding[]> {
  const { local, testbed } = services;
  const [facts, subnets] = await Promise.all([services.facts(), examineSubnets(local, testbed)]);
  return [...judge(facts, hosts), subnets];
}

/**
 * Before anything is made: warnings are told, the rest stops the run.
 * @throws PREFLIGHT_FAILED
 */
export async function ensureFit(services: Pick<Services, 'facts'>, hosts: number, report: Report): Promise<void> {
  await reportStep({ id: 'preflight', title: 'This machine is fit' }, report, async () => {
    const findings = judgeFitness(await services.facts(), hosts).filter(({ status }) => status !== 'ok');
    const fatal = findings.filter(({ status }) => status === 'fatal');
    for (const { code, title, cause, fix } of findings) {
      report({ type: 'note', text: `${title}: ${cause} [${code}] ${fix}` });
    }
    if (fatal.length > 0) {
      throw fail('PREFLIGHT_FAILED', { findings: fatal.map(({ code, cause, fix }) => `${code}: ${cause} ${fix}`) });
    }
  });
}

async function examineSubnets(local: Transport, testbed: Services['testbed']): Promise<Finding> {
  const finding = { code: 'SUBNET', title: 'Free network' };
  try {
    const taken = await takenNetworks(local, testbed, '');
    const { management, vms } = chooseSubnets('sandbox', taken);
    return { ...finding, status: 'ok', cause: `${management} and ${vms} are free`, fix: '' };
  } catch (error) {
    const cause = messageOf(error);
    return { ...finding, status: 'fatal', cause, fix: 'Say with `subnets` in sandbox.yaml which networks to use.' };
  }
}
