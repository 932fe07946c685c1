/** Messages of the Domain Name System, as far as one question and its answer go (RFC 1035, 4; RFC 3596). Pure. */
import { parseIp6 } from '../opennebula/addresses.ts';
import { nameOf } from '../opennebula/tables.ts';

const RECORD_TYPE = { A: 1, PTR: 12, AAAA: 28 } as const;
export type RecordType = keyof typeof RECORD_TYPE;

const REPLY_CODE = { OK: 0, FORMAT_ERROR: 1, SERVER_FAILURE: 2, NO_SUCH_NAME: 3, REFUSED: 5 } as const;
export type ReplyCode = keyof typeof REPLY_CODE;

export interface Question {
  /** In small letters, without a dot at the end. */
  readonly name: string;
  /** Undefined for a type that is none of ours. */
  readonly type: RecordType | undefined;
  /** Where it ends in its message. */
  readonly end: number;
}

const HEADER_BYTES = 12;
const CLASS_IN = 1;
/** QR, the operation, and how many questions there are, are as in a plain question. */
const OPERATION = 0xf800;
const RESPONSE = 0x8000;

/** Whether it is to be answered at all. An answer is not: two servers would go on for ever. */
export function isAsked(message: Buffer): boolean {
  return message.length >= HEADER_BYTES && (message.readUInt16BE(2) & RESPONSE) === 0;
}

/** Undefined for what is no plain question about the Internet. */
export function readQuestion(message: Buffer): Question | undefined {
  if (message.length < HEADER_BYTES || (message.readUInt16BE(2) & OPERATION) !== 0 || message.readUInt16BE(4) !== 1)
    return undefined;
  const labels: string[] = [];
  let at = HEADER_BYTES;
  for (let length = message[at]; length !== 0; length = message[at]) {
    // A label of more than 63 bytes is a pointer, and there is nothing yet to which it could lead.
    if (length === undefined || length > 63 || at + 1 + length >= message.length) return undefined;
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  if (at + 5 > message.length || message.readUInt16BE(at + 3) !== CLASS_IN) return undefined;
  const number = message.readUInt16BE(at + 1);
  const type = nameOf(RECORD_TYPE, number);
  return { name: labels.join('.').toLowerCase(), type, end: at + 5 };
}

const TTL_SECONDS = 5;
/** Of a message without extensions. Records that do not fit are left out: there are enough then. */
const MOST_BYTES = 512;

export interface Reply {
  readonly code: ReplyCode;
  /** Addresses or names, of the type that was asked for. */
  readonly records?: readonly string[];
}

/** @param asked  the message @param question  of it; without one only its header is answered */
export function printReply(asked: Buffer, question: Question | undefined, { code, records = [] }: Reply): Buffer {
  const type = question?.type;
  const end = question?.end ?? HEADER_BYTES;
  const answers =
    type === undefined
      ? []
      : fitting(
          MOST_BYTES - end,
          records.map((record) => printRecord(type, record)),
        );
  const header = Buffer.alloc(HEADER_BYTES);
  asked.copy(header, 0, 0, 2);
  // An authoritative response; whether recursion was asked for is said again, and that there is any.
  const flags = 0x8480 | (asked.readUInt16BE(2) & 0x0100) | REPLY_CODE[code];
  header.writeUInt16BE(flags, 2);
  header.writeUInt16BE(question ? 1 : 0, 4);
  header.writeUInt16BE(answers.length, 6);
  return Buffer.concat([header, asked.subarray(HEADER_BYTES, end), ...answers]);
}

function fitting(bytes: number, records: readonly Buffer[]): Buffer[] {
  let left = bytes;
  return records.filter(({ length }) => {
    left -= length;
    return left >= 0;
  });
}

function printRecord(type: RecordType, record: string): Buffer {
  const data = DATA[type](record);
  const head = Buffer.alloc(12);
  // The name is that of the question.
  head.writeUInt16BE(0xc000 | HEADER_BYTES, 0);
  head.writeUInt16BE(RECORD_TYPE[type], 2);
  head.writeUInt16BE(CLASS_IN, 4);
  head.writeUInt32BE(TTL_SECONDS, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

const DATA: Readonly<Record<RecordType, (record: string) => Buffer>> = {
  A: (address) => Buffer.from(address.split('.').map(Number)),
  AAAA: (address) => Buffer.from(digitsOf6(address), 'hex'),
  PTR: (name) => Buffer.concat([...name.split('.').map(printLabel), Buffer.of(0)]),
};

function printLabel(label: string): Buffer {
  return Buffer.concat([Buffer.of(label.length), Buffer.from(label, 'latin1')]);
}

/** The 32 hexadecimal digits of an IPv6 address. */
export function digitsOf6(address: string): string {
  return (parseIp6(address) ?? 0n).toString(16).padStart(32, '0');
}
