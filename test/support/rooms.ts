/**
 * The rooms of the repository and which way imports may point. `test/unit/imports.test.ts` holds every source file
 * against this table; docs/explanation/architecture.md draws it. A room is a folder with what lies below it, but for
 * deeper rooms; where a file is named, that file.
 */

export interface Room {
  /** Folder or file, from the repository's root. */
  readonly path: string;
  /** Rooms that it may import from, besides itself, `errors` and `opennebula`, which are open to all. */
  readonly uses: readonly string[];
  /** A pure room imports none of Node's modules: no files, no sockets, no processes, no clock of its own. */
  readonly pure?: true;
  /** What the rule protects, as a failing test says it. */
  readonly why: string;
}

const DRIVERS_SERVE_ANY_FRONT_END = 'Drivers also serve a real OpenNebula: they know nothing of our front-end.';
const PURE_MIDDLE = 'Deciding takes values and returns values; effects happen at the edge.';

export const ROOMS: Readonly<Record<string, Room>> = {
  errors: { path: 'src/errors', uses: [], pure: true, why: 'Every room raises errors, so errors need none of them.' },
  opennebula: {
    path: 'src/opennebula',
    uses: [],
    pure: true,
    why: 'The vocabulary of the field is pure; whatever speaks to a server is opennebula/client.',
  },
  'opennebula/client': { path: 'src/opennebula/client', uses: ['node-http'], why: 'The client serves any OpenNebula.' },

  yaml: {
    path: 'src/yaml',
    uses: [],
    pure: true,
    why: 'Every configuration file says in the same way where it is wrong.',
  },
  'node-http': { path: 'src/node-http.ts', uses: [], why: 'It is Node’s own.' },
  tracing: { path: 'src/tracing', uses: [], why: 'Whoever works may say so; it does not know who listens.' },
  transport: { path: 'src/transport', uses: ['tracing'], why: 'A transport runs commands; it does not know what for.' },

  'drivers/contract': {
    path: 'src/drivers/contract',
    uses: ['transport', 'tracing'],
    why: DRIVERS_SERVE_ANY_FRONT_END,
  },
  'drivers/docker': {
    path: 'src/drivers/docker',
    uses: ['node-http', 'transport', 'tracing'],
    why: DRIVERS_SERVE_ANY_FRONT_END,
  },
  'drivers/host-programs': {
    path: 'src/drivers/host-programs.ts',
    uses: [],
    why: 'Who makes hosts and who uses them have the same programs for them.',
  },
  'drivers/usual-timeouts': {
    path: 'src/drivers/usual-timeouts.ts',
    uses: [],
    why: 'Who makes a front-end knows how long its drivers wait.',
  },
  'drivers/hosts': {
    path: 'src/drivers/hosts',
    uses: ['drivers/contract', 'drivers/docker', 'drivers/host-programs', 'transport', 'tracing'],
    why: DRIVERS_SERVE_ANY_FRONT_END,
  },
  'drivers/registry': {
    path: 'src/drivers/registry',
    uses: ['node-http', 'transport', 'tracing'],
    why: DRIVERS_SERVE_ANY_FRONT_END,
  },
  ...driverFamilies('datastore', 'tm', 'vmm', 'im', 'vnm'),
  'drivers/agent': {
    path: 'src/drivers/agent',
    uses: ['drivers/contract', 'transport'],
    why: 'The agent carries what a driver sees to monitord; it does not know which driver.',
  },
  drivers: {
    path: 'src/drivers',
    uses: ['drivers/*', 'transport', 'yaml'],
    why: `${DRIVERS_SERVE_ANY_FRONT_END} Only the files beside the families put them together.`,
  },

  names: {
    path: 'src/names',
    uses: ['opennebula/client'],
    why: 'Names of VMs are read from any OpenNebula by its API, and from nothing else.',
  },
  'console/screen': {
    path: 'src/console/screen',
    uses: [],
    pure: true,
    why: 'What a terminal looks like is a value; who looks at it is the business of the console.',
  },
  console: {
    path: 'src/console',
    uses: ['console/screen', 'drivers', 'drivers/hosts'],
    why: 'Consoles are found by what drivers have written and by what runs on hosts, under any front-end.',
  },

  'frontend/platform': {
    path: 'src/frontend/platform',
    uses: [],
    why: 'Clock and log are handed to all, and know none.',
  },
  'frontend/configuration': { path: 'src/frontend/configuration', uses: [], pure: true, why: PURE_MIDDLE },
  'frontend/objects': { path: 'src/frontend/objects', uses: [], pure: true, why: PURE_MIDDLE },
  'frontend/vm': { path: 'src/frontend/vm', uses: ['frontend/objects'], pure: true, why: PURE_MIDDLE },
  'frontend/lifecycle': {
    path: 'src/frontend/lifecycle',
    uses: ['frontend/objects', 'frontend/vm'],
    pure: true,
    why: PURE_MIDDLE,
  },
  'frontend/scheduler': {
    path: 'src/frontend/scheduler',
    uses: ['frontend/objects', 'frontend/vm'],
    pure: true,
    why: PURE_MIDDLE,
  },
  'frontend/store': {
    path: 'src/frontend/store',
    uses: ['frontend/objects', 'tracing'],
    why: 'The store keeps objects; it does not know what becomes of them.',
  },
  'frontend/access': {
    path: 'src/frontend/access',
    uses: ['frontend/objects', 'frontend/store', 'frontend/configuration'],
    why: 'Who may do what is decided by the objects, whoever asks.',
  },
  'frontend/resources': {
    path: 'src/frontend/resources',
    uses: ['frontend/objects', 'frontend/vm', 'frontend/store', 'frontend/configuration', 'frontend/platform'],
    why: 'What a VM holds of others is booked the same way whoever asks.',
  },
  'frontend/images': {
    path: 'src/frontend/images',
    uses: [
      'frontend/objects',
      'frontend/store',
      'frontend/resources',
      'frontend/configuration',
      'frontend/platform',
      'drivers/contract',
    ],
    why: 'What datastores do for images; nothing of it knows who asked.',
  },
  'frontend/markets': {
    path: 'src/frontend/markets',
    uses: [
      'frontend/objects',
      'frontend/store',
      'frontend/resources',
      'frontend/configuration',
      'frontend/platform',
      'frontend/images',
      'drivers/contract',
    ],
    why: 'What marketplaces do with apps; nothing of it knows who asked.',
  },
  'frontend/monitoring': {
    path: 'src/frontend/monitoring',
    uses: [
      'frontend/objects',
      'frontend/store',
      'frontend/resources',
      'frontend/configuration',
      'frontend/platform',
      'drivers/contract',
    ],
    why: 'What hosts report; what becomes of VMs is told to whoever listens.',
  },
  'frontend/hooks': {
    path: 'src/frontend/hooks',
    uses: [
      'frontend/objects',
      'frontend/store',
      'frontend/resources',
      'frontend/configuration',
      'frontend/platform',
      'transport',
    ],
    why: 'What hooks do is for others to say; they hear of what has happened.',
  },
  'frontend/dispatch': {
    path: 'src/frontend/dispatch',
    uses: [
      'frontend/platform',
      'frontend/configuration',
      'frontend/objects',
      'frontend/vm',
      'frontend/lifecycle',
      'frontend/scheduler',
      'frontend/store',
      'frontend/resources',
      'frontend/images',
      'drivers/contract',
      'tracing',
    ],
    why: 'The front-end meets drivers only through their contract, and nothing of it knows who called.',
  },
  'frontend/xmlrpc': { path: 'src/frontend/xmlrpc', uses: ['node-http'], why: 'The wire knows no method by name.' },
  'frontend/methods': {
    path: 'src/frontend/methods',
    uses: [
      'frontend/platform',
      'frontend/configuration',
      'frontend/objects',
      'frontend/vm',
      'frontend/lifecycle',
      'frontend/store',
      'frontend/access',
      'frontend/resources',
      'frontend/images',
      'frontend/markets',
      'frontend/hooks',
      'frontend/dispatch',
      'frontend/scheduler',
      'drivers/contract',
      'tracing',
    ],
    why: 'A method checks, changes objects and says what is wanted; the wire is the business of frontend/xmlrpc.',
  },
  frontend: {
    path: 'src/frontend',
    uses: [
      'frontend/platform',
      'frontend/configuration',
      'frontend/objects',
      'frontend/vm',
      'frontend/lifecycle',
      'frontend/scheduler',
      'frontend/store',
      'frontend/access',
      'frontend/resources',
      'frontend/images',
      'frontend/markets',
      'frontend/monitoring',
      'frontend/hooks',
      'frontend/dispatch',
      'frontend/methods',
      'frontend/xmlrpc',
      'drivers/contract',
    ],
    why: 'The front-end is handed its drivers; only its program chooses them.',
  },

  'frontend/library': {
    path: 'src/frontend/library.ts',
    uses: [
      'frontend',
      'frontend/platform',
      'frontend/configuration',
      'frontend/store',
      'drivers',
      'drivers/contract',
      'opennebula/client',
    ],
    why: 'What users of the package get is the front-end with the drivers that it brings.',
  },
  'frontend/node-options': {
    path: 'src/frontend/node-options.ts',
    uses: [],
    why: 'Who starts a front-end knows how its Node is started.',
  },
  'frontend/main': {
    path: 'src/frontend/main.ts',
    uses: ['frontend', 'frontend/*', 'drivers', 'drivers/contract', 'tracing'],
    why: 'The program puts the front-end and its drivers together.',
  },

  'sandbox/testbed': {
    path: 'src/sandbox/testbed.ts',
    uses: ['transport'],
    why: 'The testbed is the contract between the sandbox and where machines come from.',
  },
  provision: {
    path: 'provision',
    uses: ['drivers/host-programs', 'drivers/usual-timeouts', 'frontend/node-options', 'transport', 'tracing'],
    why: 'A provisioning program runs on any transport.',
  },
  lxc: {
    path: 'lxc',
    uses: ['sandbox/testbed', 'drivers/host-programs', 'transport', 'provision', 'tracing'],
    why: 'A testbed makes machines; the sandbox decides which.',
  },
  'sandbox/ssh': {
    path: 'src/sandbox/ssh',
    uses: ['sandbox/testbed', 'drivers/host-programs', 'lxc', 'provision', 'transport'],
    why: 'A testbed makes machines; the sandbox decides which.',
  },
  'sandbox/vagrant': {
    path: 'src/sandbox/vagrant',
    uses: ['sandbox/testbed', 'sandbox/ssh', 'provision', 'transport'],
    why: 'A testbed makes machines; the sandbox decides which.',
  },
  sandbox: {
    path: 'src/sandbox',
    uses: [
      'node-http',
      'tracing',
      'sandbox/testbed',
      'sandbox/ssh',
      'sandbox/vagrant',
      'lxc',
      'provision',
      'transport',
      'opennebula/client',
      'yaml',
    ],
    why: 'The sandbox does not know which door it was asked through.',
  },

  install: {
    path: 'src/install',
    uses: [
      'drivers',
      'drivers/contract',
      'drivers/docker',
      'drivers/host-programs',
      'provision',
      'transport',
      'opennebula/client',
    ],
    why: 'Drivers are brought to any OpenNebula; sandboxes are not needed for that.',
  },

  acceptance: {
    path: 'src/acceptance',
    uses: ['opennebula/client'],
    why: 'The suite tries any OpenNebula, by its API alone.',
  },

  cli: {
    path: 'src/cli',
    uses: [
      'acceptance',
      'sandbox',
      'sandbox/testbed',
      'install',
      'transport',
      'tracing',
      'opennebula/client',
      'frontend/library',
      'frontend/store',
    ],
    why: 'A command parses, asks the sandbox or the API, and prints.',
  },
  stacks: {
    path: 'stacks',
    uses: ['sandbox', 'sandbox/testbed', 'transport', 'opennebula/client'],
    why: 'The stacks are another door to the same sandbox.',
  },
};

/** Who may import a package of npm, or a module of Node that has one owner. What is not listed, nobody may. */
export const PACKAGES: Readonly<Record<string, readonly string[]>> = {
  '@xterm/headless': ['console', 'console/screen'],
  bcryptjs: ['provision'],
  commander: ['cli'],
  diff: ['install'],
  execa: ['transport'],
  listr2: ['cli', 'sandbox'],
  'p-limit': ['drivers/*', 'frontend/*', 'sandbox', 'lxc'],
  pino: ['frontend'],
  saxes: ['opennebula', 'cli'],
  ssh2: ['transport'],
  yaml: ['yaml', 'cli'],
  zod: ['sandbox', 'drivers', 'stacks'],
  zx: ['provision'],
  esbuild: ['provision'],
  '@pulumi/pulumi': ['stacks'],
  semver: ['stacks'],
  // A command of the user's terminal keeps that terminal: an editor, `onedock ssh`.
  'node:child_process': ['transport', 'cli'],
  'node:sqlite': ['frontend/store'],
};

function driverFamilies(...families: string[]): Record<string, Room> {
  const uses = ['drivers/contract', 'drivers/hosts', 'drivers/docker', 'drivers/registry', 'transport'];
  return Object.fromEntries(
    families.map((family) => [
      `drivers/${family}`,
      { path: `src/drivers/${family}`, uses, why: `${DRIVERS_SERVE_ANY_FRONT_END} Families do not know each other.` },
    ]),
  );
}

/** The room of a file: the one with the longest path that holds it. */
export function roomOf(file: string): string | undefined {
  const holds = ([, { path }]: [string, Room]) => file === path || file.startsWith(`${path}/`);
  const candidates = Object.entries(ROOMS).filter(holds);
  return candidates.toSorted(([, a], [, b]) => b.path.length - a.path.length)[0]?.[0];
}

/** `drivers/*` stands for every room below drivers, and drivers itself. */
export function names(patterns: readonly string[], room: string): boolean {
  return patterns.some((pattern) =>
    pattern.endsWith('/*') ? `${room}/`.startsWith(pattern.slice(0, -1)) : pattern === room,
  );
}
