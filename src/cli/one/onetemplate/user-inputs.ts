/**
 * Values that a template wants from the user who instantiates it: USER_INPUTS with entries such as
 * `M|number|How many?|..|2` (mandatory or optional, type, question, parameters, default).
 */
import type { Node } from '../../document.ts';
import type { Io } from '../io.ts';
import { Refusal } from '../refusal.ts';
import type { Run } from '../run.ts';
import { editText } from '../text-source.ts';

interface UserInput {
  readonly name: string;
  readonly isOptional: boolean;
  readonly type: string;
  readonly question: string;
  readonly parameters: string;
  readonly initial: string;
}

/** @throws Refusal for an entry that cannot be read */
function parseUserInputs(template: Node): UserInput[] {
  const order = (template.get('INPUTS_ORDER') ?? '').split(',').map((name) => name.trim());
  const place = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length);
  const entries = template.first('USER_INPUTS')?.children ?? [];
  return entries
    .toSorted((a, b) => place(a.name) - place(b.name))
    .map(({ name, text }) => {
      const parts = text.split('|').map((part) => part.trim());
      const [mandatory, type = '', question = '', parameters = '', initial = ''] = parts;
      if (parts.length !== 3 && parts.length !== 5) {
        throw new Refusal(`Malformed user input. It should have 3 or 5 parts separated by '|':\n  ${name}: ${text}`);
      }
      return { name, isOptional: mandatory === 'O', type, question, parameters, initial };
    });
}

/**
 * Asks for each value that `given` does not have.
 * @returns assignments; a value that equals the template's own is left out, and so is an optional one without answer
 */
export async function askUserInputs(run: Run, template: Node, given: ReadonlySet<string>): Promise<string[]> {
  const inputs = parseUserInputs(template).filter(({ name }) => !given.has(name));
  if (inputs.length === 0) return [];
  run.print(
    'There are some parameters that require user input. Use the string <<EDITOR>> to launch an editor (e.g. for multi-line inputs)',
  );
  const assignments: string[] = [];
  for (const input of inputs) {
    run.print(`  * (${input.name}) ${input.question}`);
    const answer = await askOne(run, input);
    if (answer === undefined || answer === template.get(input.name)) continue;
    assignments.push(`${input.name} = "${answer.replaceAll('"', '\\"')}"`);
  }
  return assignments;
}

const NUMBER_CHECKS: Readonly<Record<string, RegExp>> = {
  number: /^-?\d+$/,
  range: /^-?\d+$/,
  'number-float': /^-?\d+(\.\d+)?$/,
  'range-float': /^-?\d+(\.\d+)?$/,
};

async function askOne(run: Run, input: UserInput): Promise<string | undefined> {
  const { type, initial, parameters, isOptional } = input;
  const hint = initial === '' ? '    ' : `    Press enter for default (${initial}). `;
  if (type === 'fixed') {
    run.print(`    Fixed value of (${initial}). Cannot be changed`);
    return initial;
  }
  if (type === 'text' || type === 'text64') {
    const typed = await answer(run.io, hint, initial);
    const whole = typed === '<<EDITOR>>' ? await editText(run, '') : typed;
    return type === 'text64' ? Buffer.from(whole).toString('base64') : whole;
  }
  if (type === 'password') return (await run.io.ask(`${hint}Password: `, { secret: true })) || initial;
  if (type === 'boolean') {
    const typed = await answer(run.io, hint, initial);
    if (typed !== 'YES' && typed !== 'NO') throw new Refusal(`Invalid boolean '${typed}'\nBoolean has to be YES or NO`);
    return typed;
  }
  const again = repeatUntil(run.io, isOptional);
  const pattern = NUMBER_CHECKS[type];
  if (pattern) {
    const [min = -Infinity, max = Infinity] = type.startsWith('range') ? parameters.split('..').map(Number) : [];
    const kind = type.endsWith('float') ? 'Float' : 'Integer';
    const where = type.startsWith('range') ? ` in the range [${min}..${max}]` : '';
    return again(`${hint}${kind}${where}: `, initial, (typed) => {
      return pattern.test(typed) && Number(typed) >= min && Number(typed) <= max ? typed : undefined;
    });
  }
  if (type === 'list') {
    const choices = parameters.split(',');
    for (const [i, choice] of choices.entries()) run.print(`    ${i}  ${choice}`);
    run.print();
    return again(`${hint}Please type the selection number: `, initial, (typed) =>
      choices.includes(typed) ? typed : choices[Number(typed)],
    );
  }
  throw new Refusal(`Wrong type for user input:\n  ${input.name}: ${type}`);
}

async function answer(io: Io, question: string, initial: string): Promise<string> {
  return (await io.ask(question)) || initial;
}

/** Asks until the answer can be read; without one an optional value stays unset. */
function repeatUntil(io: Io, isOptional: boolean) {
  return async (question: string, initial: string, read: (typed: string) => string | undefined) => {
    for (;;) {
      const typed = await answer(io, question, initial);
      if (typed === '' && isOptional) return undefined;
      const value = read(typed);
      if (value !== undefined) return value;
    }
  };
}
