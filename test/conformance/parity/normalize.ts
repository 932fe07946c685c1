/**
 * Answers in the form of the recording: documents as lists of elements with their paths; times, hashes, sizes of the
 * machine's disks and the random figures of the dummy drivers replaced, since they differ from run to run.
 */
import { parseXml, type XmlElement } from '../../../src/opennebula/xml.ts';

export type Leaf = readonly [path: string, value: string | null];

/** Elements that tell a time, a secret or an id of the moment, unless they are empty, 0 or -1. */
const VOLATILE = words(`
  STIME ETIME RSTIME RETIME PSTIME PETIME ESTIME EETIME REGTIME LAST_MON_TIME LAST_POLL TIMESTAMP PASSWORD LOGIN_TOKEN
  TIME BIRTH START_TIME END_TIME EXPIRATION_TIME UUID RUNNING_TIME DEPLOY_ID TOKEN_PASSWORD LOCK_TIME MODIFICATION_TIME
  CREATION_TIME VERSION_DATE FREE_MB USED_MB TOTAL_MB ACTIVE_STATE_TIME LAST_POLL_TIME REQUEST_ID REQ_ID
`);
/** 0 until the first monitoring, whose time nobody knows. */
const SIZES = words('TOTAL_MB FREE_MB USED_MB');
/** Of hosts; what is below MONITORING is random anywhere. */
const RANDOM = words(`
  FREE_CPU USED_CPU FREE_MEM USED_MEM NETTX NETRX CPU MEMORY DISKRDBYTES DISKWRBYTES DISKRDIOPS DISKWRIOPS FREE_MEMORY
  USED_MEMORY CPUSPEED HOSTNAME NETTX_FORECAST
`);

const TEXTS: readonly (readonly [RegExp, string])[] = [
  [/\b\d{10}\b/g, '<time>'],
  [/\b[0-9a-f]{40,64}\b/g, '<hash>'],
  [/\b[A-Z][a-z]{2} [A-Z][a-z]{2} +\d+ \d\d:\d\d:\d\d \d{4}\b/g, '<date>'],
  [/\d\d\/\d\d\/\d\d \d\d:\d\d:\d\d/g, '<date>'],
  [/(\/[\w.-]+)+\/+datastores\//g, '<var>/datastores/'],
];

export function normalize(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== 'string') return value;
  return value.trimStart().startsWith('<') ? { xml: leavesOf(parseXml(value), '', false) } : normalizeText(value);
}

export function normalizeText(text: string): string {
  return TEXTS.reduce((done, [pattern, sign]) => done.replaceAll(pattern, sign), text);
}

function leavesOf(element: XmlElement, parent: string, isMonitoring: boolean): Leaf[] {
  const path = `${parent}/${element.name}`;
  const below = isMonitoring || element.name === 'MONITORING';
  if (element.children.length === 0) return [[path, normalizeText(leafText(element, parent, below))]];
  return [[path, null], ...element.children.flatMap((child) => leavesOf(child, path, below))];
}

function leafText({ name, text }: XmlElement, parent: string, isMonitoring: boolean): string {
  const value = text.trim();
  if (SIZES.has(name) || (VOLATILE.has(name) && !['', '0', '-1'].includes(value))) return '<v>';
  return isMonitoring || (RANDOM.has(name) && parent.includes('HOST')) ? '<r>' : value;
}

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}
