import { base } from '../../../provision/base.ts';
import { dockerHost } from '../../../provision/docker-host.ts';
import { type CompleteDescription, combine } from '../../../provision/machine-description.ts';
import { hostLabelContent } from '../../../provision/machine-label.ts';
import type { PackageSystemName } from '../../../provision/package-system.ts';
import { inRpmWords } from '../../../provision/rpm-words.ts';
import { sshTrust } from '../../../provision/ssh-trust.ts';
import type { Cloud } from './cloud.ts';

/** What a machine is as a host of an OpenNebula: the same as a sandbox's, without the networks of one. */
export function hostContent(
  { frontEnd, registry, authority, oneadminKeys }: Cloud,
  programs: ReadonlyMap<string, Buffer>,
  packageSystem: PackageSystemName,
): CompleteDescription {
  const content = combine(
    base(),
    dockerHost({
      registries: authority === undefined ? [] : [{ address: registry, authority: `${authority.trim()}\n` }],
      programs,
      vmNetwork: undefined,
    }),
    sshTrust({ oneadminKeys }),
    hostLabelContent({ frontEnd, registry }),
  );
  return packageSystem === 'rpm' ? inRpmWords(content) : content;
}
