/**
 * What a Dockerfile is made from, read without running it: the images that its stages begin with or copy from
 * (https://docs.docker.com/reference/dockerfile/). They are the only names in it that have to be found somewhere.
 */

export interface ResolveOptions {
  /** Values for ARG that whoever builds gives. */
  readonly args: Readonly<Record<string, string>>;
  /** What is built from, by the name that the Dockerfile has for it. */
  readonly bases: ReadonlyMap<string, string>;
  /** Given to every stage, and so to all that the builder makes on its way. */
  readonly label: Readonly<Record<string, string>>;
}

interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  /** What follows it, with the lines that are continued joined. */
  readonly words: string;
  /** As it stands in the file. */
  readonly text: string;
}

/** Names of the images that a Dockerfile needs, each once. */
export function baseImages(dockerfile: string, args: ResolveOptions['args']): readonly string[] {
  const names = new Set<string>();
  rewrite(dockerfile, args, (name) => {
    names.add(name);
    return name;
  });
  return [...names];
}

/** The same Dockerfile, built from images under other names; platforms are left to the engine, which has one. */
export function resolveBases(dockerfile: string, { args, bases, label }: ResolveOptions): string {
  const labels = Object.entries(label).map(([key, value]) => `LABEL ${key}=${JSON.stringify(value)}`);
  return rewrite(dockerfile, args, (name) => bases.get(name) ?? name, labels);
}

function rewrite(
  dockerfile: string,
  given: ResolveOptions['args'],
  base: (name: string) => string,
  afterFrom: readonly string[] = [],
): string {
  /** ARG before the first FROM is for FROM alone. */
  const values: Record<string, string> = {};
  const stages = new Set<string>();
  let stageCount = 0;
  const isStage = (name: string) => stages.has(name.toLowerCase()) || (/^\d+$/.test(name) && Number(name) < stageCount);
  const lines = parseDockerfile(dockerfile).map(({ keyword, words, text }) => {
    if (keyword === 'ARG' && stageCount === 0) Object.assign(values, readArgs(words, values, given));
    if (keyword === 'COPY') {
      return text.replace(/(--from=)(\S+)/, (_, flag: string, from: string) => {
        return `${flag}${isStage(from) ? from : base(from)}`;
      });
    }
    if (keyword !== 'FROM') return text;
    const { image, stage } = readFrom(words, values);
    const name = image === 'scratch' || isStage(image) ? image : base(image);
    stageCount++;
    if (stage !== undefined) stages.add(stage.toLowerCase());
    return [`FROM ${name}${stage === undefined ? '' : ` AS ${stage}`}`, ...afterFrom].join('\n');
  });
  return `${lines.join('\n')}\n`;
}

/** `FROM [--platform=…] image [AS stage]` */
function readFrom(words: string, values: Readonly<Record<string, string>>): { image: string; stage?: string } {
  const [image = '', as, stage] = words.split(/\s+/).filter((word) => word !== '' && !word.startsWith('--'));
  const name = substitute(image, values);
  return as?.toLowerCase() === 'as' && stage !== undefined ? { image: name, stage } : { image: name };
}

/** `ARG NAME[=default] …`; a default may name what came before. */
function readArgs(
  words: string,
  before: Readonly<Record<string, string>>,
  given: ResolveOptions['args'],
): Record<string, string> {
  const read: Record<string, string> = {};
  for (const [, name = '', value] of words.matchAll(/(\w+)(?:=("[^"]*"|'[^']*'|\S*))?/g)) {
    const fallback = value === undefined ? undefined : substitute(value.replace(/^(["'])(.*)\1$/, '$2'), before);
    const chosen = given[name] ?? fallback;
    if (chosen !== undefined) read[name] = chosen;
  }
  return read;
}

/** `$NAME`, `${NAME}`, `${NAME:-without}` and `${NAME:+with}`, as the builder knows them. */
function substitute(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$(?:(\w+)|\{(\w+)(?::([-+])([^}]*))?\})/g,
    (_, plain: string | undefined, braced: string | undefined, sign: string | undefined, other = '') => {
      const value = values[plain ?? braced ?? ''] ?? '';
      if (sign === '-') return value === '' ? other : value;
      if (sign === '+') return value === '' ? '' : other;
      return value;
    },
  );
}

/** Comments and empty lines are instructions without a keyword, so that nothing of the file is lost. */
export function parseDockerfile(dockerfile: string): readonly Instruction[] {
  const lines = dockerfile.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const continued = new RegExp(`${escapeCharacter(lines) === '`' ? '`' : '\\\\'}[ \\t]*$`);
  const instructions: Instruction[] = [];
  for (let i = 0; i < lines.length; ) {
    const start = i;
    const parts: string[] = [];
    for (let more = true; more && i < lines.length; i++) {
      const line = lines[i] ?? '';
      // Within an instruction that goes on, comments and empty lines are as if they were not there.
      if (i > start && isEmpty(line)) continue;
      more = !isEmpty(line) && continued.test(line);
      parts.push(line.replace(continued, ''));
    }
    const [, keyword = '', words = ''] = /^\s*([A-Za-z]+)\s*([\s\S]*)$/.exec(parts.join(' ')) ?? [];
    instructions.push({
      keyword: isEmpty(parts[0] ?? '') ? '' : keyword.toUpperCase(),
      words: words.trim(),
      text: lines.slice(start, i).join('\n'),
    });
  }
  return instructions;
}

function isEmpty(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

/** The directive `# escape=` stands among the first lines, before anything else. */
function escapeCharacter(lines: readonly string[]): string {
  for (const line of lines) {
    const [, key = '', value] = /^\s*#\s*(\w+)\s*=\s*(\S+)\s*$/.exec(line) ?? [];
    if (value === undefined) break;
    if (key.toLowerCase() === 'escape') return value;
  }
  return '\\';
}
