import { describe, expect, it } from 'vitest';
import { Configuration } from '../../../src/frontend/configuration/configuration.ts';
import { parseTemplate } from '../../../src/opennebula/template.ts';

describe('the configuration of a fresh front-end', () => {
  const configuration = new Configuration();

  it('is spelt as that of a fresh OpenNebula', () => {
    expect(configuration.vector('RAFT')).toMatchObject({ XMLRPC_TIMEOUT_MS: '1000' });
    expect(configuration.text('GRPC_PORT')).toBe('2634');
    expect(configuration.text('VM_ADMIN_OPERATIONS')).toBe(
      'migrate, delete, recover, retry, deploy, resched,\n    backup, restore',
    );
    for (const name of ['shared', 'ssh', 'vmfs']) expect(configuration.driver('DS_MAD_CONF', name)).toBeDefined();
  });

  it('leaves out what stands in monitord.conf, and heeds it where it is given', () => {
    const name = 'VM_MONITORING_EXPIRATION_TIME';
    expect(configuration.template.has(name)).toBe(false);
    expect(new Configuration(parseTemplate(`${name} = 60`)).number(name)).toBe(60);
  });
});
