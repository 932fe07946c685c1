/** Hooks: a command to be run when an object enters a state, or when a method was called (src/hm/Hook.cc, 7.4). */
import { templateXml } from '../../opennebula/template.ts';
import { group, text } from '../../opennebula/xml.ts';
import type { LockableRecord, OwnedRecord, TemplateRecord } from './record.ts';
import { lockXml } from './xml-parts.ts';

export interface Hook extends OwnedRecord, LockableRecord, TemplateRecord {
  readonly type: 'state' | 'api';
  /** The last ones, ascending. */
  readonly executions: readonly HookExecution[];
}

/** What one run of a hook's command came to. */
export interface HookExecution {
  /** Counts from 0 for each hook. */
  readonly id: number;
  /** Epoch seconds, when it had ended. */
  readonly time: number;
  readonly arguments: string;
  readonly command: string;
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; 255 when the command could not be run, or not to its end. */
  readonly code: number;
  /** Where the command ran, if not on the front-end. */
  readonly remoteHost?: string;
  readonly isRetry?: true;
}

/**
 * What a hook waits for: `one.vm.allocate`, `HOST/ERROR`, `VM/ACTIVE/RUNNING`. Events go by the same names.
 */
export function hookKey({ type, template }: Hook): string {
  if (type === 'api') return template.get('CALL') ?? '';
  const [resource = '', state = ''] = [template.get('RESOURCE'), template.get('STATE')];
  return resource === 'VM' ? `VM/${state}/${template.get('LCM_STATE')}` : `${resource}/${state}`;
}

/** As `one.hook.info` prints it. */
export function hookXml(hook: Hook): string {
  return document(hook, group('HOOKLOG', ...hook.executions.map((execution) => executionXml(hook.id, execution))));
}

/** As `one.hookpool.info` prints it: without what was run. */
export function hookPoolEntryXml(hook: Hook): string {
  return document(hook, '');
}

function document(hook: Hook, log: string): string {
  return group(
    'HOOK',
    text('ID', hook.id),
    text('NAME', hook.name),
    text('TYPE', hook.type),
    lockXml(hook),
    group('TEMPLATE', templateXml(hook.template)),
    log,
  );
}

export function executionXml(hookId: number, execution: HookExecution): string {
  const { id, time, command, stdout, stderr, code, remoteHost, isRetry } = execution;
  return group(
    'HOOK_EXECUTION_RECORD',
    text('HOOK_ID', hookId),
    text('EXECUTION_ID', id),
    text('TIMESTAMP', time),
    text('ARGUMENTS', execution.arguments),
    group(
      'EXECUTION_RESULT',
      text('COMMAND', command),
      text('STDOUT', base64Lines(stdout)),
      text('STDERR', base64Lines(stderr)),
      text('CODE', code),
    ),
    remoteHost === undefined ? '' : text('REMOTE_HOST', remoteHost),
    isRetry ? text('RETRY', 'yes') : '',
  );
}

/** Lines of 60 characters, each with its end (Base64.encode64 of Ruby, by which OpenNebula writes them). */
function base64Lines(content: string): string {
  return Buffer.from(content)
    .toString('base64')
    .replaceAll(/.{1,60}/g, '$&\n');
}
