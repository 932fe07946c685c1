import { Refusal } from '../refusal.ts';
import type { Option } from '../run.ts';

/** Contents of the file that `-f` names. */
export const TEMPLATE_FILE: Option<string> = {
  name: 'file',
  short: '-f',
  long: '--file',
  argument: 'file',
  help: 'File with a template',
  read: (path = '', { io }) => {
    const contents = io.readFile(path);
    if (contents === undefined) throw new Refusal(`File \`${path}\` doesn't exist`);
    return contents;
  },
};
