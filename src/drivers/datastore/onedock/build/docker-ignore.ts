/**
 * `.dockerignore`: what of a directory is no part of the build context. A line is a pattern of Go's filepath.Match with
 * `**` for any number of folders; `!` takes files back, and the last line that matches a file or a folder above it decides
 * (https://docs.docker.com/build/concepts/context/#dockerignore-files).
 */
import { posix } from 'node:path';

/** @returns whether a path below the directory is left out */
export function readIgnored(text: string): (path: string) => boolean {
  const rules = text
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const takesBack = line.startsWith('!');
      const pattern = posix.normalize((takesBack ? line.slice(1) : line).trim()).replace(/^\/+|\/+$/g, '');
      return { takesBack, expression: toExpression(pattern) };
    });
  return (path) => {
    const last = rules.findLast(({ expression }) => expression.test(path));
    return last !== undefined && !last.takesBack;
  };
}

/** Matches a path, and all that lies below it. */
function toExpression(pattern: string): RegExp {
  let expression = '';
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    if (pattern.startsWith('**', i)) {
      const atFolder = pattern.charAt(i + 2) === '/';
      expression += atFolder ? '(?:.*/)?' : '.*';
      i += atFolder ? 2 : 1;
    } else if (character === '*') expression += '[^/]*';
    else if (character === '?') expression += '[^/]';
    else if (character === '\\') expression += literal(pattern.charAt(++i));
    else if (character === '[' && pattern.indexOf(']', i + 2) > 0) {
      const end = pattern.indexOf(']', i + 2);
      expression += `[${pattern.slice(i + 1, end).replace(/[\\[]/g, '\\$&')}]`;
      i = end;
    } else expression += literal(character);
  }
  return new RegExp(`^${expression}(?:/.*)?$`);
}

function literal(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\/-]/, '\\$&');
}
