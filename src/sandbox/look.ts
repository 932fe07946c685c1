import { traced } from '../tracing/spans.ts';
import { findCloud } from './front-end.ts';
import type { Services } from './services.ts';
import type { SandboxState } from './state.ts';

/** What there is of a sandbox, on this machine and in its cloud. */
export function look(services: Pick<Services, 'testbed' | 'connect'>, sandbox: string): Promise<SandboxState> {
  return traced('What is there', async () => {
    const testbed = await services.testbed.look(sandbox);
    return { testbed, cloud: await findCloud(services, sandbox, testbed) };
  });
}
