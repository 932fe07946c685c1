/** How verbs and options are spelled, for the parser, the help and the reference alike. */
import type { AnyCommand, Argument, Option } from './command.ts';

/** As in `-n, --name <NAME>`. */
export function optionSpelling(name: string, { kind, value = 'VALUE', short }: Option): string {
  const long = `${short === undefined ? '' : `-${short}, `}--${kebabCase(name)}`;
  return kind === 'flag' ? long : `${long} <${value}>`;
}

/** As in `<machine>`, `[projects...]`. */
export function argumentSpelling(name: string, { required, rest = false, several = false }: Argument): string {
  const spelled = `${name}${rest || several ? '...' : ''}`;
  return required ? `<${spelled}>` : `[${spelled}]`;
}

/** A verb with its arguments, as in `exec <machine> <command...>`. */
export function synopsis({ name, arguments: words, options }: AnyCommand): string {
  const spelled = Object.entries(words).map(([word, each]) => argumentSpelling(word, each));
  return [name, ...(Object.keys(options).length > 0 ? ['[options]'] : []), ...spelled].join(' ');
}

function kebabCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
