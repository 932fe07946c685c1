/**
 * What is to be done so that a sandbox is what its configuration says. Pure: it compares and lists steps; `apply.ts`
 * performs them. A sandbox that is as it should be gives an empty plan.
 */
import type { Configuration, ImageDeclaration } from './configuration.ts';
import { SAMPLE_PATH, STAND_IN_HUB } from './configuration.ts';
import { dummyNames } from './dummy-hosts.ts';
import type { Subnets } from './free-subnets.ts';
import { FRONT_END, hostName, hostNumber, machineSpec, networkRanges } from './layout.ts';
import type { CloudState, SandboxState } from './state.ts';
import type { Plan, Step } from './step.ts';

/** Name of the datastore and of the drivers. */
export const ONEDOCK = 'onedock';

const NOTHING: CloudState = { hosts: [], datastores: [], networks: [], images: [], templates: [], vms: [] };

export function plan(configuration: Configuration, state: SandboxState, subnets: Subnets): Plan {
  const machines = [FRONT_END, ...Array.from({ length: configuration.hosts }, (_, i) => hostName(i + 1))];
  const machineSteps = machines.flatMap((machine) => planMachine(configuration, state, subnets, machine));
  const isFrontEndMade = machineSteps.some(({ spec }) => spec.role === 'frontend');
  const cloud = isFrontEndMade ? NOTHING : (state.cloud ?? NOTHING);
  const steps: Step[] = [
    ...(machineSteps.some(({ reason }) => reason !== 'stopped') ? [IMAGES] : []),
    ...planSubnets(configuration, state, subnets),
    ...machineSteps,
    ...(isFrontEndMade || state.cloud === undefined ? frontEndSteps(configuration) : []),
    ...planCloud(configuration, cloud, subnets),
  ];
  return { sandbox: configuration.name, steps, extra: extraMachines(state, machines) };
}

/** The steps that add one host to a sandbox that runs. */
export function planHost(
  configuration: Pick<Configuration, 'name' | 'hub'>,
  state: SandboxState,
  subnets: Subnets,
  machine: string,
): Plan {
  const machineSteps = planMachine(configuration, state, subnets, machine);
  const isRegistered = settled(state.cloud?.hosts ?? [], isHostSettled).includes(machine);
  const steps: Step[] = [
    ...(machineSteps.length > 0 ? [IMAGES] : []),
    ...machineSteps,
    ...(isRegistered ? [] : [hostStep(machine)]),
  ];
  return { sandbox: configuration.name, steps, extra: [] };
}

const IMAGES = { kind: 'machine-images', id: 'machine-images', title: 'Machine images', needs: [] } as const;

const FRONT_END_STEP = {
  kind: 'front-end',
  id: 'front-end',
  title: 'OpenNebula answers',
  needs: [`machine:${FRONT_END}`],
} as const;

const PACKAGES = {
  kind: 'packages',
  id: 'packages',
  title: 'OpenNebula from its packages',
  needs: [`machine:${FRONT_END}`],
} as const;

function frontEndSteps({ frontEnd }: Configuration): Step[] {
  if (frontEnd === 'embedded') return [FRONT_END_STEP];
  return [PACKAGES, { ...FRONT_END_STEP, needs: [...FRONT_END_STEP.needs, PACKAGES.id] }];
}

/** OpenNebula's own driver of bridges runs on the hosts, which have nothing of OpenNebula. */
const NETWORK_DRIVERS = { embedded: 'bridge', opennebula: ONEDOCK } as const;

function planSubnets({ name }: Configuration, { testbed }: SandboxState, subnets: Subnets) {
  const isThere = testbed.networks !== undefined && testbed.machines.some(({ running }) => running);
  if (isThere) return [];
  return [
    {
      kind: 'subnets',
      id: 'subnets',
      title: `Networks ${subnets.management} and ${subnets.vms}`,
      needs: [],
      spec: { sandbox: name, ...subnets },
    } as const,
  ];
}

function planMachine(
  configuration: Pick<Configuration, 'name' | 'hub'> & Partial<Pick<Configuration, 'frontEnd'>>,
  { testbed, cloud }: SandboxState,
  subnets: Subnets,
  machine: string,
) {
  const found = testbed.machines.find(({ name }) => name === machine);
  const isSilent = machine === FRONT_END && cloud === undefined;
  if (found?.running && !isSilent) return [];
  return [
    {
      kind: 'machine',
      id: `machine:${machine}`,
      title: `Machine ${machine}`,
      needs: ['machine-images', 'subnets'],
      spec: machineSpec(configuration, subnets, machine),
      reason: found === undefined ? 'missing' : found.running ? 'silent' : 'stopped',
    } as const,
  ];
}

function extraMachines({ testbed }: SandboxState, wanted: readonly string[]): string[] {
  return testbed.machines.map(({ name }) => name).filter((name) => !wanted.includes(name));
}

function planCloud(configuration: Configuration, cloud: CloudState, subnets: Subnets): Step[] {
  const { hosts, networks, templates } = configuration;
  const missing = <T extends { name: string }>(wanted: readonly T[], found: readonly string[]) =>
    wanted.filter(({ name }) => !found.includes(name));
  const images = missing(configuration.images, settled(cloud.images, isImageSettled));
  const vms = missing(configuration.vms, settled(cloud.vms, isVmSettled));
  const hostsFound = settled(cloud.hosts, isHostSettled);
  const machines = Array.from({ length: hosts }, (_, i) => hostName(i + 1));
  return [
    ...(cloud.datastores.includes(ONEDOCK) ? [] : [datastoreStep(machines)]),
    ...missing(networkRanges(networks, subnets), cloud.networks).map((range) => {
      const declared = networks.find(({ name }) => name === range.name);
      return {
        kind: 'network' as const,
        id: `network:${range.name}`,
        title: `Virtual network ${range.name}`,
        needs: [FRONT_END_STEP.id],
        range,
        zone: declared?.zone,
        attributes: declared?.attributes ?? '',
        driver: NETWORK_DRIVERS[configuration.frontEnd],
      };
    }),
    ...machines.filter((machine) => !hostsFound.includes(machine)).map(hostStep),
    ...planDummyHosts(configuration, hostsFound),
    ...(images.some(({ path }) => path === SAMPLE_PATH) ? [sampleStep(configuration)] : []),
    ...images.map(imageStep),
    ...missing(templates, cloud.templates).map((template) => ({
      kind: 'template' as const,
      id: `template:${template.name}`,
      title: `Template ${template.name}`,
      needs: [
        FRONT_END_STEP.id,
        ...[template.image, ...template.disks].map((image) => `image:${image}`),
        ...template.networks.map((network) => `network:${network}`),
      ],
      template,
    })),
    ...vms.flatMap((vm): Step[] => [
      {
        kind: 'vm',
        id: `vm:${vm.name}`,
        title: `VM ${vm.name}`,
        needs: [FRONT_END_STEP.id, `template:${vm.template}`],
        vm,
      },
      ...(vm.page === undefined ? [] : [pageStep(vm.name, vm.page)]),
    ]),
  ];
}

function planDummyHosts({ dummyHosts }: Configuration, hostsFound: readonly string[]): Step[] {
  if (dummyNames(dummyHosts).every((name) => hostsFound.includes(name))) return [];
  const title = dummyHosts === 1 ? 'A dummy host' : `${dummyHosts} dummy hosts`;
  return [{ kind: 'dummy-hosts', id: 'dummy-hosts', title, needs: [FRONT_END_STEP.id], count: dummyHosts }];
}

/** Names of what needs no step. What is under way still, as after a run that was killed, is waited for. */
function settled<T extends { name: string; state: string }>(found: readonly T[], is: (state: string) => boolean) {
  return found.filter(({ state }) => is(state)).map(({ name }) => name);
}

const isImageSettled = (state: string) => state !== 'LOCKED';

/** A host whose machine was made again is looked at again. */
const isHostSettled = (state: string) => ['MONITORED', 'MONITORING_MONITORED', 'DISABLED', 'OFFLINE'].includes(state);

const SETTLED_VM_STATES = ['RUNNING', 'UNKNOWN', 'HOLD', 'POWEROFF', 'SUSPENDED', 'STOPPED', 'UNDEPLOYED'];
const isVmSettled = (state: string) => SETTLED_VM_STATES.includes(state) || state.endsWith('_FAILURE');

/** The hosts of the sandbox as it begins build its images. */
function datastoreStep(builders: readonly string[]) {
  return {
    kind: 'datastore',
    id: 'datastore',
    title: `Datastore ${ONEDOCK}`,
    needs: [FRONT_END_STEP.id],
    name: ONEDOCK,
    builders,
  } as const;
}

function hostStep(machine: string) {
  return {
    kind: 'host',
    id: `host:${machine}`,
    title: `Host ${machine} is monitored`,
    needs: [FRONT_END_STEP.id, `machine:${machine}`],
    machine,
  } as const;
}

/** The sample image, put where the front-end's drivers find it. */
export function sampleStep({ hub }: Pick<Configuration, 'hub'>) {
  const standInHub = hub === STAND_IN_HUB;
  return {
    kind: 'sample',
    id: 'sample',
    title: standInHub ? 'Sample image in the stand-in hub' : 'Sample image',
    needs: [FRONT_END_STEP.id],
    standInHub,
  } as const;
}

function imageStep(image: ImageDeclaration) {
  return {
    kind: 'image',
    id: `image:${image.name}`,
    title: `Image ${image.name}`,
    needs: [FRONT_END_STEP.id, 'datastore', ...(image.path === SAMPLE_PATH ? ['sample'] : [])],
    image,
  } as const;
}

function pageStep(vm: string, port: number) {
  return { kind: 'page', id: `page:${vm}`, title: `Page of VM ${vm} answers`, needs: [`vm:${vm}`], vm, port } as const;
}

/** Number of the host that `host add` makes: the first that is free. */
export function nextHost({ testbed }: SandboxState): string {
  const taken = new Set(testbed.machines.map(({ name }) => hostNumber(name)));
  let number = 1;
  while (taken.has(number)) number++;
  return hostName(number);
}
