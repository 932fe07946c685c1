/** The zone, the configuration, and calls that never reach an object. */
import { type Chapter, fails, missing, NOBODY, works } from '../step.ts';
import { updated } from './standard.ts';

const NO_ENDPOINT = 'Missing ENDPOINT or ENDPOINT_GRPC in SERVER';
const targetZone = (done: string) => `Servers have to be ${done} through the target zone endpoints`;

const zone = { kind: 'zone', title: 'zone', type: 'ZONE', id: '{zone}' };

export const system: Chapter = {
  title: 'system and zone',
  steps: [
    works('system.version', [], { gives: '7.4.0' }),
    works('system.config', [], { gives: { ACTION_TIMEOUT: 300 }, unbound: ['OPENNEBULA_CONFIGURATION'] }),
    fails('system.version', [], 'OneAuthenticationException', "User couldn't be authenticated, aborting call.", {
      user: 'oneadmin:wrong',
    }),
    fails('nosuch.info', [0], 'OneException'),
    fails('vm.info', [], 'OneException'),
    fails('vm.info', ['0'], 'OneException'),

    works('zonepool.info', [], { gives: { ZONE: [{ ID: 0, NAME: 'OpenNebula', STATE: 0 }] } }),
    works('zone.raftstatus', [], { gives: { SERVER_ID: -1 } }),
    works('zone.info', [0], { gives: { ID: 0, NAME: 'OpenNebula' } }),
    missing('zone.info', 'zone'),
    fails(
      'zone.allocate',
      ['NAME = "there"'],
      'OneException',
      'Error allocating a new zone. New zones can only be created at federation master',
    ),
    fails('zone.delete', [0], 'OneActionException', 'Cannot delete zone. System Zones (ID < 100) cannot be deleted.'),
    missing('zone.delete', 'zone'),
    works('zone.rename', [0, 'here'], { as: 'zone' }),
    works('zone.info', [0], { gives: { NAME: 'here' } }),
    works('zone.rename', [0, 'OpenNebula']),
    missing('zone.rename', 'zone', 'here'),
    ...updated(zone),
    works('zone.enable', [0, false]),
    works('zone.info', [0], { gives: { STATE: 1 } }),
    works('zone.enable', [0, true]),
    fails(
      'zone.enable',
      [NOBODY, true],
      'OneActionException',
      'Enable/disable mode have to be set through the target zone endpoints',
    ),
    works('zone.addserver', [0, 'SERVER = [NAME = "second", ENDPOINT = "http://second:2633/RPC2"]']),
    works('zone.info', [0], { gives: { SERVER_POOL: { SERVER: [{ ID: 0, NAME: 'second' }] } } }),
    fails('zone.addserver', [0, 'SERVER = [NAME = "third"]'], 'OneActionException', NO_ENDPOINT),
    fails('zone.addserver', [NOBODY, ''], 'OneActionException', targetZone('added')),
    works('zone.resetserver', [0, 0]),
    fails('zone.resetserver', [NOBODY, 0], 'OneActionException', targetZone('deleted')),
    works('zone.delserver', [0, 0]),
    fails('zone.delserver', [0, 0], 'OneActionException', 'SERVER not found in zone'),
  ],
};
