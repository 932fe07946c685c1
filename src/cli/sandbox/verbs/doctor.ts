import { defineCommand } from '../command.ts';
import { EXIT } from '../exit-codes.ts';
import { findingsText } from '../output/findings-text.ts';
import { answer, openSite } from '../site.ts';
import { MOST_HOSTS } from './up.ts';

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'Look whether this machine can run a sandbox, and say what to do',
  description:
    'Looks at kernel features, limits, control groups, programs, free networks, disk and memory, and changes nothing. `up` runs the same checks first; only those marked ✗ stop it. Without root some things cannot be told.',
  arguments: {},
  options: {
    hosts: { kind: 'count', value: 'N', most: MOST_HOSTS, summary: 'Judge for that many hosts.' },
  },
  examples: [
    { line: 'doctor', what: 'What was found, with causes and fixes.' },
    { line: 'doctor --hosts 16 --json', what: 'For a larger sandbox, as a document.' },
  ],
  needsRoot: false,
  async run(call) {
    const { hosts } = call.options;
    const { configuration, services } = await openSite(call, hosts === undefined ? {} : { hosts });
    const { examine } = await import('../../../sandbox/doctor/examine.ts');
    const findings = await examine(services, configuration.hosts);
    const isFit = findings.every(({ status }) => status !== 'fatal');
    answer(call, { fit: isFit, findings }, () => findingsText(findings));
    return isFit ? EXIT.OK : EXIT.PREFLIGHT;
  },
});
