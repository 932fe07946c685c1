/** What the template of a hook must say, and how it is kept (src/hm/Hook*.cc, 7.4). */
import { type HOST_STATE, IMAGE_STATE, VNET_STATE } from '../../opennebula/numbers.ts';
import type { Template } from '../../opennebula/template.ts';
import { LCM_STATE, VM_STATE } from '../../opennebula/vm-states.ts';
import type { Hook } from './hook.ts';
import { Refusal } from './refusal.ts';

/** Whether a hook may wait for calls of a method. */
export type IsCallable = (method: string) => boolean;

/** What ON stands for, beside CUSTOM. */
const VM_CONDITIONS: Readonly<Record<string, readonly [state: string, lcmState: string]>> = {
  PROLOG: ['ACTIVE', 'PROLOG'],
  RUNNING: ['ACTIVE', 'RUNNING'],
  SHUTDOWN: ['ACTIVE', 'EPILOG'],
  STOP: ['STOPPED', 'LCM_INIT'],
  DONE: ['DONE', 'LCM_INIT'],
  UNKNOWN: ['ACTIVE', 'UNKNOWN'],
};

/** States that hooks know, by what they belong to; those in between are not told. */
const STATES: Readonly<Record<string, ReadonlySet<string>>> = {
  HOST: new Set(['INIT', 'MONITORED', 'ERROR', 'DISABLED', 'OFFLINE'] satisfies (keyof typeof HOST_STATE)[]),
  IMAGE: new Set(Object.keys(IMAGE_STATE).filter((state) => state !== 'INIT')),
  NET: new Set(Object.keys(VNET_STATE).filter((state) => state !== 'INIT')),
};

/** @throws Refusal */
export function readHookType(given: Template): Hook['type'] {
  const type = given.get('TYPE') ?? '';
  const known = type.toLowerCase();
  if (known === 'state' || known === 'api') return known;
  throw new Refusal(`Invalid Hook type: ${type}`);
}

/** The template of a new hook as it is kept: NAME, TYPE and ON are taken out. @throws Refusal */
export function hookTemplate(given: Template, type: Hook['type'], isCallable: IsCallable): Template {
  const template = given.clone();
  for (const name of ['NAME', 'TYPE']) template.delete(name);
  if (!template.get('COMMAND')) throw new Refusal('No COMMAND in template for Hook.');
  template.set('REMOTE', yesNo(template.get('REMOTE')));
  if (type === 'api') return withCall(template, isCallable);
  const resource = template.get('RESOURCE') ?? '';
  if (resource === '') throw new Refusal('RESOURCE attribute is required for STATE hooks.');
  const word = resource.toUpperCase();
  if (word !== 'VM' && !STATES[word]) throw new Refusal(`Invalid resource type: ${resource}`);
  template.set('RESOURCE', word);
  return word === 'VM' ? withVmStates(template) : withState(template, word);
}

/** What an update left of a hook's template. @throws Refusal */
export function updatedHookTemplate(hook: Hook, next: Template, isCallable: IsCallable): Template {
  const template = next.clone();
  if (!template.get('COMMAND')) throw new Refusal('The COMMAND attribute is not defined.');
  template.set('REMOTE', yesNo(template.get('REMOTE') ?? hook.template.get('REMOTE')));
  if (hook.type === 'api') {
    if (isCallable(template.get('CALL') ?? '')) return template;
    throw new Refusal("The CALL attribute is not defined or it's invalid.");
  }
  const before = hook.template.get('RESOURCE') ?? '';
  const resource = (template.get('RESOURCE') ?? before).toUpperCase();
  // oned asks for states of the resource that it was, and loses a hook whose states are none of what it is to be.
  for (const [name, states] of [...statesFor(before), ...statesFor(resource)]) {
    const state = (template.get(name) ?? '').toUpperCase();
    if (!states.has(state)) throw new Refusal(`The ${name} attribute is not defined or it's invalid.`);
    template.set(name, state);
  }
  return template.set('RESOURCE', resource);
}

function statesFor(resource: string): [name: string, states: ReadonlySet<string>][] {
  if (resource !== 'VM') return [['STATE', STATES[resource] ?? new Set()]];
  return [
    ['STATE', new Set(Object.keys(VM_STATE))],
    ['LCM_STATE', new Set(Object.keys(LCM_STATE))],
  ];
}

function withCall(template: Template, isCallable: IsCallable): Template {
  const call = template.get('CALL') ?? '';
  if (isCallable(call)) return template;
  throw new Refusal(`API call does not exist or is not supported: ${call}`);
}

function withVmStates(template: Template): Template {
  const on = (template.get('ON') ?? '').toUpperCase();
  template.delete('ON');
  if (on !== 'CUSTOM') {
    const condition = VM_CONDITIONS[on];
    if (!condition) throw new Refusal(`Unkown state condition: ${on}`);
    return template.set('STATE', condition[0]).set('LCM_STATE', condition[1]);
  }
  for (const [name, states] of statesFor('VM')) {
    const given = template.get(name) ?? '';
    if (!states.has(given.toUpperCase())) throw new Refusal(`Wrong ${name}: ${given}`);
    template.set(name, given.toUpperCase());
  }
  return template;
}

function withState(template: Template, resource: string): Template {
  const state = (template.get('STATE') ?? '').toUpperCase();
  if (!STATES[resource]?.has(state)) throw new Refusal(`Invalid STATE: ${state}`);
  return template.set('STATE', state);
}

function yesNo(value = ''): 'YES' | 'NO' {
  return ['YES', 'TRUE'].includes(value.toUpperCase()) ? 'YES' : 'NO';
}
