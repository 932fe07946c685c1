/** Completion for bash, from the tables: commands of a tool, then the options of the command. */
import type { Tool } from './command.ts';
import { globalOptions } from './help.ts';
import type { AnyOption } from './run.ts';

/** A script to be sourced; `one completion` prints it. */
export function bashCompletion(tools: readonly Tool[]): string {
  return [
    '# Completion of OpenNebula commands; source it, or put it into /etc/bash_completion.d.',
    '_onedock_one() {',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of bash
    '  local current="${COMP_WORDS[COMP_CWORD]}" words',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of bash
    '  case "${COMP_WORDS[0]##*/}/${COMP_WORDS[1]}/$((COMP_CWORD > 1))" in',
    ...tools.flatMap(toolCases),
    '  esac',
    '  [[ $COMP_CWORD -eq 1 || $current == -* ]] || { compopt -o default; return; }',
    '  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")',
    '}',
    `complete -F _onedock_one ${tools.map(({ name }) => name).join(' ')}`,
  ].join('\n');
}

function toolCases(tool: Tool): string[] {
  const commands = tool.commands.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const spellingsOf = (options: readonly AnyOption[]) =>
    [...new Set([...options, ...globalOptions(tool)].map(({ long }) => long))].toSorted().join(' ');
  if (tool.main) return [`    ${tool.name}/*) words='${spellingsOf(tool.main.options)}' ;;`];
  return [
    ...commands.map(({ name, aliases = [], options }) => {
      const patterns = [name, ...aliases].map((words) => `${tool.name}/${words.split(' ')[0]}/1`);
      return `    ${patterns.join('|')}) words='${spellingsOf(options)}' ;;`;
    }),
    `    ${tool.name}/*/0) words='${commands.map(({ name }) => name.split(' ')[0]).join(' ')}' ;;`,
  ];
}
