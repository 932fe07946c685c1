/** What the engine asks of a language host, in the words of the SDK's `cmd/run` (Pulumi 3.256). */
import type { RunRequest } from '@pulumi/pulumi/proto/language_pb.js';

/** Arguments of `cmd/run`: addresses and names first, then the program and what it is told. */
export function runArguments(request: RunRequest, engine: string): string[] {
  const info = request.getInfo();
  const options = {
    monitor: request.getMonitorAddress(),
    engine,
    organization: request.getOrganization(),
    project: request.getProject(),
    'root-directory': info?.getRootDirectory(),
    stack: request.getStack(),
    pwd: info?.getProgramDirectory(),
    parallel: String(request.getParallel()),
  };
  return [
    ...Object.entries(options).flatMap(([name, value]) => (value ? [`--${name}`, value] : [])),
    ...(request.getDryrun() ? ['--dry-run'] : []),
    info?.getEntryPoint() ?? '.',
    ...request.getArgsList(),
  ];
}

/** The stack's settings, which the SDK reads from its environment under the names that they had once. */
export function runEnvironment(request: RunRequest): Record<string, string> {
  const settings = request.getConfigMap().toArray();
  const config = Object.fromEntries(settings.map(([key, value]) => [key.replace(/^([^:]+):/, '$1:config:'), value]));
  return {
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
  };
}
