/** Objects by name: wherever a command takes an id it takes a name too, which is looked up in the pool. */
import type { Client } from '../../opennebula/client/client.ts';
import type { OneDocument, Pool } from '../../opennebula/client/document.ts';
import { Refusal } from './refusal.ts';
import type { Run } from './run.ts';

/** Kinds of objects by the word that messages use for them, with the call that lists them all. */
const POOLS = {
  VM: (client: Client) => client.vmpool.info(),
  HOST: (client: Client) => client.hostpool.info(),
  IMAGE: (client: Client) => client.imagepool.info(),
  DATASTORE: (client: Client) => client.datastorepool.info(),
  VNET: (client: Client) => client.vnpool.info(),
  VMTEMPLATE: (client: Client) => client.templatepool.info(),
  USER: (client: Client) => client.userpool.info(),
  GROUP: (client: Client) => client.grouppool.info(),
  CLUSTER: (client: Client) => client.clusterpool.info(),
  ZONE: (client: Client) => client.zonepool.info(),
  SECURITY_GROUP: (client: Client) => client.secgrouppool.info(),
  HOOK: (client: Client) => client.hookpool.info(),
  VROUTER: (client: Client) => client.vrouterpool.info(),
  VDC: (client: Client) => client.vdcpool.info(),
  VM_GROUP: (client: Client) => client.vmgrouppool.info(),
  VNTEMPLATE: (client: Client) => client.vntemplatepool.info(),
  MARKETPLACE: (client: Client) => client.marketpool.info(),
  MARKETPLACEAPP: (client: Client) => client.marketapppool.info(),
} satisfies Record<string, (client: Client) => Promise<Pool<OneDocument>>>;

export type Kind = keyof typeof POOLS;

/**
 * The id that a text of digits is, or that of the one object of that name.
 * @throws Refusal when no object or more than one has that name
 */
export async function findId(run: Run, kind: Kind, text: string): Promise<number> {
  if (isId(text)) return Number(text);
  return idByName(await objectsOf(run, kind), kind, text);
}

/** The same for names and ids in a comma list, with one look at the pool. */
export async function findIds(run: Run, kind: Kind, texts: string): Promise<number[]> {
  const parts = texts.split(',');
  const objects = parts.every(isId) ? [] : await objectsOf(run, kind);
  return parts.map((text) => (isId(text) ? Number(text) : idByName(objects, kind, text)));
}

function isId(text: string): boolean {
  return /^\d+$/.test(text);
}

async function objectsOf({ client }: Run, kind: Kind): Promise<readonly OneDocument[]> {
  return (await POOLS[kind](client)).objects;
}

function idByName(objects: readonly OneDocument[], kind: Kind, name: string): number {
  const [found, another] = objects.filter((object) => object.name === name);
  if (!found) throw new Refusal(`${kind} named ${name} not found.`);
  if (another) throw new Refusal(`There are multiple ${kind}s with name ${name}.`);
  return found.id;
}
