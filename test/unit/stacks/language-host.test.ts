import language from '@pulumi/pulumi/proto/language_pb.js';
import { expect, it } from 'vitest';
import { runArguments, runEnvironment } from '../../support/language-host/run-request.ts';

const info = new language.ProgramInfo();
info.setRootDirectory('/repo/stacks/tenant');
info.setProgramDirectory('/repo/stacks/tenant');
info.setEntryPoint('index.ts');
const request = new language.RunRequest();
request.setMonitorAddress('127.0.0.1:7001');
request.setProject('onedock-tenant');
request.setStack('dev');
request.setOrganization('organization');
request.setParallel(16);
request.setInfo(info);
request.getConfigMap().set('onedock-tenant:vms', '3').set('onedock-tenant:password', 'opensesame');
request.setConfigsecretkeysList(['onedock-tenant:password']);

it('a program is started as the official language host starts it', () => {
  const folder = '/repo/stacks/tenant';
  expect(runArguments(request, '127.0.0.1:7000')).toEqual([
    ...['--monitor', '127.0.0.1:7001', '--engine', '127.0.0.1:7000', '--organization', 'organization'],
    ...['--project', 'onedock-tenant', '--root-directory', folder, '--stack', 'dev', '--pwd', folder],
    ...['--parallel', '16', 'index.ts'],
  ]);
  request.setDryrun(true);
  expect(runArguments(request, '').slice(-2)).toEqual(['--dry-run', 'index.ts']);
});

it('its settings and which of them are secret are in its environment', () => {
  const { PULUMI_CONFIG = '', PULUMI_CONFIG_SECRET_KEYS = '' } = runEnvironment(request);
  expect(JSON.parse(PULUMI_CONFIG)).toEqual({
    'onedock-tenant:config:vms': '3',
    'onedock-tenant:config:password': 'opensesame',
  });
  expect(JSON.parse(PULUMI_CONFIG_SECRET_KEYS)).toEqual(['onedock-tenant:password']);
});
