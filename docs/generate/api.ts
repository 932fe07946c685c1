/** docs/reference/api.md: every method of the front-end's API, by object, and how its test calls it. */
import type { Method, Param } from '../../src/frontend/methods/method.ts';
import { METHODS } from '../../src/frontend/methods/table.ts';
import { CHAPTERS } from '../../test/conformance/pyone/chapters/index.ts';
import type { Step } from '../../test/conformance/pyone/step.ts';

const REFUSED = /^Refused: /;

export async function renderApi(): Promise<string> {
  const methods = [...METHODS.values()].toSorted((a, b) => a.name.localeCompare(b.name));
  const [working, refused] = [methods.filter((each) => !isRefused(each)), methods.filter(isRefused)];
  const objects = Object.entries(Object.groupBy(working, ({ name }) => objectOf(name)));
  return [
    '# Methods of the API',
    [
      'What the embedded front-end answers at `/RPC2`, as XML-RPC, with the names, parameters and documents of OpenNebula 7.4.',
      'The first parameter of every method is the session, `user:password`; it is left out here. What stands in brackets may',
      'be left out, and is then the value shown. The answer is whether the call succeeded, then a document, an id or an error',
      'text, then the error code, then the object that the error is about.',
    ].join('\n'),
    [
      `${working.length} methods work and ${refused.length} are refused. The conformance test calls each of them through pyone,`,
      'OpenNebula’s client for Python, and compares what comes with what OpenNebula answers: *works* is how often with success,',
      '*refuses* how often with an error that OpenNebula gives too.',
    ].join('\n'),
    ...objects.map(([object, each = []]) => [`## ${object}`, table(each)].join('\n\n')),
    '## Refused',
    'OpenNebula has them, this front-end refuses them with an error that names what is missing, after the checks that OpenNebula makes first.',
    ['| method | what is not supported |', '|---|---|', ...refused.map(refusedRow)].join('\n'),
  ].join('\n\n');
}

function isRefused({ help }: Method): boolean {
  return REFUSED.test(help);
}

/** `one.vm.info` and `one.vmpool.info` are about the same. */
function objectOf(name: string): string {
  return name.split('.').slice(0, -1).join('.').replace(/pool$/, '');
}

function table(methods: readonly Method[]): string {
  const head = ['| method | parameters | what it does | works | refuses |', '|---|---|---|--:|--:|'];
  return [...head, ...methods.map(row)].join('\n');
}

function row({ name, params, help }: Method): string {
  const shown = Object.entries(params).map(([param, each]) => parameter(param, each));
  const steps = STEPS.get(name) ?? [];
  const [works, refuses] = [count(steps, 'works', 'until'), count(steps, 'fails')];
  return `| \`${name}\` | ${shown.join(', ')} | ${cell(help)} | ${works} | ${refuses} |`;
}

const STEPS = Map.groupBy(
  CHAPTERS.flatMap(({ steps }) => steps),
  ({ method }) => `one.${method}`,
);

function count(steps: readonly Step[], ...kinds: readonly Step['kind'][]): number {
  return steps.filter(({ kind }) => kinds.includes(kind)).length;
}

function parameter(name: string, { type, fallback }: Param): string {
  return fallback === undefined ? `${name}: ${type}` : cell(`[${name}: ${type} = ${JSON.stringify(fallback)}]`);
}

function refusedRow({ name, help }: Method): string {
  return `| \`${name}\` | ${cell(help.replace(REFUSED, ''))} |`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
