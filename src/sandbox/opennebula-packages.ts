/** The key `opennebula` of `sandbox.yaml`: where the front-end of that kind has its packages from. */
import * as z from 'zod';

/** Where OpenNebula's own packages lie (docs.opennebula.io, "OpenNebula Repositories"); for the machines' Debian 12. */
const OFFICIAL = {
  repository: 'https://downloads.opennebula.io/repo/7.4/Debian/12',
  key: 'https://downloads.opennebula.io/repo/repo2.key',
} as const;

export const opennebula = z.strictObject({
  repository: z
    .url({ protocol: /^https?$/, error: 'must be an address, as http://packages.example.org/opennebula' })
    .default(OFFICIAL.repository)
    .describe('Debian package repository, as it is reached from the front-end.'),
  directory: z
    .string()
    .min(1)
    .optional()
    .describe('Mirror of such a repository on this machine, instead of an address.'),
  key: z
    .string()
    .min(1)
    .optional()
    .describe(
      'Public key that signs it, in ASCII armor: an address or a file. OpenNebula’s own unless given; a `directory` without one is trusted as it is.',
    ),
  suite: z.string().min(1).default('stable').describe('Suite of the repository.'),
  component: z.string().min(1).default('opennebula').describe('Component of the suite.'),
  version: z
    .string()
    .regex(/^[0-9A-Za-z.+:~-]+$/, 'must be a version as apt has it, as 7.4.0-1')
    .optional()
    .describe('Version of the packages, as apt has it; the newest unless given.'),
  database: z.enum(['sqlite', 'mariadb']).default('sqlite').describe('Where OpenNebula keeps what it knows.'),
});

type Packages = z.output<typeof opennebula>;

/** Packages of an address that nobody vouches for are not installed. */
export function packageProblems({ repository, directory, key }: Packages) {
  const isOwn = directory === undefined && repository !== OFFICIAL.repository;
  if (!isOwn || key !== undefined) return [];
  return [{ path: ['opennebula', 'repository'], message: 'needs the key that signs it, as `opennebula.key`' }];
}

export function withKey(packages: Packages) {
  return { ...packages, key: packages.key ?? (packages.directory === undefined ? OFFICIAL.key : undefined) };
}
