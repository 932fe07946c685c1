/** `one.system.*` (src/rm/api/SystemAPI.cc, 7.4). */
import { Template, templateXml } from '../../opennebula/template.ts';
import { group } from '../../opennebula/xml.ts';
import { defineMethod } from './method.ts';

/** The release whose API this is. */
const OPENNEBULA_VERSION = '7.4.0';

export const systemMethods = [
  defineMethod({
    name: 'one.system.version',
    params: {},
    help: 'Version of the OpenNebula whose API this is.',
    run: () => OPENNEBULA_VERSION,
  }),
  defineMethod({
    name: 'one.system.config',
    params: {},
    help: 'The configuration; secrets are hidden from users outside oneadmin’s group.',
    run(call) {
      const { key } = call.cloud.secrets;
      const template = call.services.configuration.template.clone().set('ONE_KEY', key);
      return group('OPENNEBULA_CONFIGURATION', templateXml(call.isAdmin ? template : withoutSecrets(template)));
    },
  }),
];

/** Attributes, or parts of vectors, whose values are nobody's business (include/NebulaTemplate.h, 7.4). */
const SECRETS: Readonly<Record<string, readonly string[]>> = {
  DB: ['BACKEND', 'SERVER', 'PORT', 'USER', 'PASSWD', 'DB_NAME'],
  ONE_KEY: [],
};

function withoutSecrets(template: Template): Template {
  return new Template(
    template.attributes.map(([name, value]) => {
      const secrets = SECRETS[name];
      if (!secrets) return [name, value] as const;
      if (typeof value === 'string') return [name, '***'] as const;
      const hidden = Object.entries(value).map(([key, item]) => [key, secrets.includes(key) ? '***' : item]);
      return [name, Object.fromEntries(hidden)] as const;
    }),
  );
}
