/**
 * goca's own test suite, unmodified, against the embedded front-end with dummy drivers. `GOCA_SOURCE` names its folder in
 * a checkout of OpenNebula 7.4 (`src/oca/go/src/goca`).
 */
import { expect, it } from 'vitest';
import { startFrontendVerb } from '../../support/frontend-verb.ts';
import { openGoModule, whyNoGoModule } from '../../support/go-module.ts';

/** VMs that are held, or ended before they have a host, count on the time that OpenNebula lets VMs wait. */
const CONFIG = 'SCHED_MAX_WND_TIME = "10"\n';

/** Tests, by the beginning of their names, that cannot pass here. */
const NOT_HERE: Readonly<Record<string, string>> = {
  'BJSuite.': 'backup jobs are refused',
  'ClusterSuite.TestPlanApi': 'plans of clusters are refused',
  'MarketPlaceAppSuite.TestEnable': "takes an app of OpenNebula's public marketplace, from the Internet",
  TestService: 'speaks to OneFlow',
  'VMSuite.TestBackup': 'backups are refused',
  'VMSuite.TestPciAttachDetach': 'PCI devices are refused',
};

const missing = await whyNoGoModule('GOCA_SOURCE', ['go']);

it.skipIf(missing)(
  missing ? `goca (skipped: ${missing})` : 'goca passes its own tests but for what is refused',
  async () => {
    await using goca = await openGoModule(process.env.GOCA_SOURCE ?? '');
    const suite = await goca.suite('.');
    await using frontend = await startFrontendVerb(CONFIG);
    const ended = await suite.run(['-check.v'], { ONE_XMLRPC: frontend.endpoint, ONE_AUTH: frontend.authFile });
    const places = Object.keys(NOT_HERE);
    const failed = ended
      // Go's test `Test` stands for all of gocheck's.
      .filter(({ name, passed }) => !passed && name !== 'Test')
      .map(({ name }) => places.find((place) => name.startsWith(place)) ?? name);
    expect([...new Set(failed)].sort()).toEqual(places.toSorted());
    expect(ended.filter(({ passed }) => passed).length).toBeGreaterThan(140);
  },
  900_000,
);
