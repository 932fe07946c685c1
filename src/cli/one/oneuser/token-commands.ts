/** Login tokens: passwords for some time, kept in the file of credentials or in one of their own. */
import { createHash } from 'node:crypto';
import type { Node } from '../../document.ts';
import { type Command, command, optional, required } from '../command.ts';
import { textFormat } from '../formats.ts';
import { findId } from '../names.ts';
import { converted, flag, integer, text } from '../option.ts';
import { Refusal } from '../refusal.ts';
import { fetchDocument } from '../resource.ts';
import type { Run } from '../run.ts';
import { authPath } from '../session.ts';

const TIME = integer({
  name: 'time',
  long: '--time',
  argument: 'x',
  help: 'Seconds for which the token is valid, 36000 by default, -1 for ever, 0 to end it',
});
const FORCE = flag({ name: 'force', long: '--force', help: 'Overwrite the file of credentials without asking' });
const GROUP = converted(
  { name: 'group', long: '--group', argument: 'id|name', help: 'Group that objects made with the token belong to' },
  (typed, run) => findId(run, 'GROUP', typed),
);
const STDIN_PASSWORD = flag({
  name: 'stdin_password',
  long: '--stdin_password',
  help: 'Read the password from standard input',
});
const TOKEN = text({ name: 'token', long: '--token', argument: 'token_hint', help: 'Beginning of the token' });
const GLOBAL = flag({ name: 'global', long: '--global', help: 'A token that is for no group in particular' });

const DEFAULT_SECONDS = 36_000;
const ANY_GROUP = -1;
const SELF = -1;

const USERNAME = textFormat('username', 'Name of a user');

/** A connection as the user named, who gives the password, or else as the one in the file of credentials. */
async function connectAs(run: Run, username: string | undefined): Promise<Run['client']> {
  if (username === undefined) return run.client;
  if (/^\d+$/.test(username)) throw new Refusal('The argument should be the username, not the ID.');
  const password = run.has(STDIN_PASSWORD)
    ? (await run.io.readStdin('only-source')).trim()
    : await run.io.ask('Password: ', { secret: true });
  return run.connect({ session: `${username}:${password}` });
}

async function createToken(run: Run, username: string | undefined): Promise<void> {
  const client = await connectAs(run, username);
  const name = username ?? client.userName;
  const token = await client.user.login(name, '', run.get(TIME) ?? DEFAULT_SECONDS, run.get(GROUP) ?? ANY_GROUP);
  const path = authPath(run.io.env);
  if (!run.has(FORCE) && run.io.readFile(path) !== undefined) {
    run.print(`  * Do you want to overwrite the file ${path}? (Y|N): `);
    if (!/^y(es)?$/i.test((await run.io.ask('')).trim())) {
      run.print(`File ${path} exists, use --force to overwrite.\nAuthentication Token is:\n${name}:${token}`);
      return;
    }
    run.print(`overwriting ${path} ...`);
  }
  run.io.writeFile(path, `${name}:${token}`, 0o600);
  run.print(`Authentication Token is:\n${name}:${token}`);
}

interface TokenWish {
  readonly beginning?: string;
  readonly groupId?: number;
  readonly withExpired?: boolean;
}

/** Tokens of a user, the one that lasts longest first. */
function findTokens(user: Node, { beginning = '', groupId, withExpired = false }: TokenWish, now: number): Node[] {
  const end = (token: Node) => (token.get('EXPIRATION_TIME') === '-1' ? Infinity : token.int('EXPIRATION_TIME'));
  return user
    .all('LOGIN_TOKEN')
    .filter((token) => {
      const isMeant =
        token.get('TOKEN')?.startsWith(beginning) && (groupId === undefined || token.int('EGID') === groupId);
      return isMeant && (withExpired || end(token) > now);
    })
    .toSorted((a, b) => (end(a) === end(b) ? 0 : end(b) - end(a)));
}

/** The file that holds the credentials of a token. */
function tokenPath(run: Run, session: string): string {
  const digest = createHash('md5').update(session).digest('hex');
  return `${run.io.env.HOME ?? '/var/lib/one'}/.one/${digest}.token`;
}

const setToken = command({
  name: 'token-set',
  help: 'Puts a token into a file of credentials of its own and prints what makes a shell use it.',
  args: [optional(USERNAME)],
  options: [TOKEN, GROUP, GLOBAL, STDIN_PASSWORD],
  run: async (run, username) => {
    if (!run.has(TOKEN) && !run.has(GROUP) && !run.has(GLOBAL)) {
      throw new Refusal('One of these options must be supplied:\n[--token <token>] [--group <id|group>] [--global]');
    }
    const client = await connectAs(run, username);
    const user = await fetchDocument({ client }, 'one.user.info', SELF, false);
    const groupId = run.has(TOKEN) ? undefined : (run.get(GROUP) ?? ANY_GROUP);
    const wish = { beginning: run.get(TOKEN) ?? '', ...(groupId === undefined ? {} : { groupId }) };
    const [token, another] = findTokens(user, wish, run.io.now());
    if (!token) throw new Refusal('No valid tokens found.');
    if (run.has(TOKEN) && another) throw new Refusal(`More than one token starting with '${run.get(TOKEN)}' found.`);
    const session = `${user.get('NAME')}:${token.get('TOKEN')}`;
    const path = tokenPath(run, session);
    run.io.writeFile(path, session, 0o600);
    run.print(`export ONE_AUTH=${path}; export ONE_EGID=${token.get('EGID')}`);
  },
});

const deleteToken = command({
  name: 'token-delete',
  help: 'Ends a token and removes its file of credentials. A user may be named in front of the token.',
  args: [required(textFormat('token', 'Beginning of a token')), optional(textFormat('token', 'Beginning of a token'))],
  options: [STDIN_PASSWORD],
  run: async (run, first, second) => {
    const [username, beginning] = second === undefined ? [undefined, first] : [first, second];
    const client = await connectAs(run, username);
    const user = await fetchDocument({ client }, 'one.user.info', SELF, false);
    const [token, another] = findTokens(user, { beginning, withExpired: true }, run.io.now());
    if (!token) throw new Refusal('No tokens found.');
    if (another) throw new Refusal(`More than one token starting with '${beginning}' found.`);
    const name = user.get('NAME') ?? '';
    const value = token.get('TOKEN') ?? '';
    await client.user.login(name, value, 0);
    run.print('Token removed.');
    const path = tokenPath(run, `${name}:${value}`);
    if (run.io.removeFile(path)) run.print(`Removing ${path}`);
  },
});

const deleteAllTokens = command({
  name: 'token-delete-all',
  help: 'Ends all tokens of a user.',
  args: [required(USERNAME)],
  run: async (run, username) => {
    if (/^\d+$/.test(username)) throw new Refusal('The argument should be the username, not the ID.');
    await run.client.user.login(username, '', 0);
  },
});

function createCommand(name: 'login' | 'token-create'): Command {
  return command({
    name,
    help: 'Creates a login token and puts it into the file of credentials. The user named is asked for the password.',
    args: [optional(USERNAME)],
    options: [TIME, FORCE, GROUP, STDIN_PASSWORD],
    run: createToken,
  });
}

export const tokenCommands: readonly Command[] = [
  createCommand('login'),
  createCommand('token-create'),
  setToken,
  deleteToken,
  deleteAllTokens,
];
