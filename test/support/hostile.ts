/** Words for programs that trust nobody. */

/** What no name is as long as. */
export const LONG = 'x'.repeat(300);
/** What ends a word, a command, a path or a pattern somewhere. */
export const HOSTILE = [
  '',
  ' ',
  '-rf',
  '--help',
  '$(touch /pwned)',
  '`touch /pwned`',
  '; touch /pwned',
  '| touch /pwned',
  '& touch /pwned',
  '\ntouch /pwned',
  "'; touch /pwned; '",
  '"; touch /pwned; "',
  '*',
  '?',
  '[a-z]*',
  '../../etc',
  '/etc/shadow',
  '5 6',
  '5\n6',
  '007',
  '-1',
  '5.0',
  '99999999999999999999',
  '\u0001',
  'é',
  LONG,
];
