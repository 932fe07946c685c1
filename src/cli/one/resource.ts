/** What a tool works on, as far as the verbs that all tools share must know it. */
import { type Node, parseDocument } from '../document.ts';
import type { Format } from './command.ts';
import { idFormat, idListFormat } from './formats.ts';
import type { Kind } from './names.ts';
import type { Run } from './run.ts';

/** A group of calls, as in `one.<api>.info`. */
export type ApiGroup =
  | 'vm'
  | 'host'
  | 'image'
  | 'datastore'
  | 'vn'
  | 'template'
  | 'user'
  | 'group'
  | 'cluster'
  | 'zone'
  | 'secgroup'
  | 'hook'
  | 'vrouter'
  | 'vdc'
  | 'vmgroup'
  | 'vntemplate'
  | 'market'
  | 'marketapp';

export interface Resource<Api extends ApiGroup = ApiGroup> {
  /** Word in messages, as in `VMTEMPLATE`. */
  readonly kind: Kind;
  readonly api: Api;
  /** Word in help texts, as in `template`. */
  readonly title: string;
  readonly id: Format<number>;
  readonly idList: Format<number[]>;
}

/** `argument` is what usage lines call its id, as in `vmid`. */
export function resource<Api extends ApiGroup>(kind: Kind, api: Api, title: string, argument: string): Resource<Api> {
  return { kind, api, title, id: idFormat(argument, kind), idList: idListFormat(`${argument}_list`, kind) };
}

/** The document that a call answers. */
export async function fetchDocument(
  { client }: Pick<Run, 'client'>,
  method: string,
  ...params: readonly (string | number | boolean)[]
): Promise<Node> {
  return parseDocument(String(await client.call(method, ...params)));
}
