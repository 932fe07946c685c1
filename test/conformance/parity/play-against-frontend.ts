/** A scenario against a fresh front-end, as the recorded cloud was. */
import { InProcessDrivers } from '../../../src/drivers/contract/in-process-drivers.ts';
import { openServices } from '../../../src/drivers/services.ts';
import { driverTable } from '../../../src/drivers/table.ts';
import { Configuration } from '../../../src/frontend/configuration/configuration.ts';
import { createFrontend } from '../../../src/frontend/create-frontend.ts';
import { SqliteStore } from '../../../src/frontend/store/sqlite-store.ts';
import { Template } from '../../../src/opennebula/template.ts';
import type { Step } from './compare.ts';
import { playScenario } from './play.ts';
import type { ScenarioStep } from './scenario/step.ts';

export async function playAgainstFrontend(scenario: readonly ScenarioStep[]): Promise<Step[]> {
  const session = 'oneadmin:opennebula';
  await using frontend = await createFrontend({
    store: new SqliteStore(':memory:'),
    drivers: new InProcessDrivers(driverTable, openServices()),
    // The zone tells its address: that of the recording.
    configuration: new Configuration(new Template([['PORT', '26633']])),
    session,
    address: '127.0.0.1',
    port: 0,
  });
  return await playScenario({ url: frontend.url, session }, scenario);
}
