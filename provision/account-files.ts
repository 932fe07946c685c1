/** The account files of a root directory, /etc/passwd and its kin, as text in and text out. */
import type { Account } from './machine-description.ts';

export interface AccountFiles {
  readonly passwd: string;
  readonly shadow: string;
  readonly group: string;
}

/** Name to id of a file whose lines are `name:x:id:…`. */
export function idsByName(text: string): ReadonlyMap<string, number> {
  return new Map(records(text).map(([name = '', , id = '0']) => [name, Number(id)]));
}

/** The primary group of each user. */
export function groupsByUser(passwd: string): ReadonlyMap<string, number> {
  return new Map(records(passwd).map(([name = '', , , group = '0']) => [name, Number(group)]));
}

/** Adds an account that is missing, and its membership of groups. A group that does not exist is left out. */
export function withAccount({ passwd, shadow, group }: AccountFiles, account: Account): AccountFiles {
  const { name, id, home, shell, groups } = account;
  const add = (text: string, line: string) => (namesOf(text).has(name) ? text : `${text}${line}\n`);
  return {
    passwd: add(passwd, `${name}:x:${id}:${id}::${home}:${shell}`),
    // `*` is a password that none matches; `!` would lock the account for sshd without PAM too. A day of last change
    // of 0 would ask for a change of password at each login.
    shadow: add(shadow, `${name}:*:1:0:99999:7:::`),
    group: groups.reduce((text, each) => withMember(text, each, name), add(group, `${name}:x:${id}:`)),
  };
}

function withMember(text: string, group: string, member: string): string {
  return text.replace(new RegExp(`^(${group}:[^:]*:[^:]*:)(.*)$`, 'm'), (line, head: string, members: string) => {
    const present = members.split(',').filter((each) => each !== '');
    return present.includes(member) ? line : `${head}${[...present, member].join(',')}`;
  });
}

function namesOf(text: string): ReadonlySet<string> {
  return new Set(records(text).map(([name = '']) => name));
}

function records(text: string): string[][] {
  return text.split('\n').flatMap((line) => (line === '' ? [] : [line.split(':')]));
}
