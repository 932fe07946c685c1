import type { Option } from '../option.ts';
import { Refusal } from '../refusal.ts';

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
