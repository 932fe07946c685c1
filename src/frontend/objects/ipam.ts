/**
 * Address ranges whose addresses a driver gives out that is not ours (IPAM_MAD; src/ipamm, src/vnm/AddressRangeIPAM.cc,
 * src/ipamm_mad, 7.4). Whoever takes addresses is at work within a transaction, which waits for nobody: what a driver has to
 * say is asked for by `AddressAsked`, and the work is done again when the answer is there.
 */
import { messageOf } from '../../errors/thrown.ts';
import { parseTemplate, type Vector, vectorXml } from '../../opennebula/template.ts';
import { group } from '../../opennebula/xml.ts';
import { type AddressRange, addressesAt, indexOfAddress } from './address-range.ts';
import { Refusal } from './refusal.ts';

export type IpamAction =
  | 'register_address_range'
  | 'unregister_address_range'
  | 'get_address'
  | 'allocate_address'
  | 'free_address';

/** One call of a driver: what it gets is `IPAM_DRIVER_ACTION_DATA`. */
export interface IpamRequest {
  readonly driver: string;
  readonly action: IpamAction;
  readonly document: string;
  /** What takes back what a driver has granted by an answer, where the work around it comes to nothing. */
  readonly undo?: (answer: string) => readonly IpamRequest[];
}

export interface Ipam {
  /** What a driver answered, for work that is done again with its answers. @throws AddressAsked, IpamRefused */
  ask(request: IpamRequest): string;
  /** Has a driver do something whose outcome changes nothing here. */
  tell(request: IpamRequest): void;
}

/** Nothing goes on without what a driver says. */
export class AddressAsked extends Error {
  override name = 'AddressAsked';
  readonly request: IpamRequest;

  constructor(request: IpamRequest) {
    super(`IPAM driver ${request.driver} has not been asked to ${request.action}.`);
    this.request = request;
  }
}

/** The driver said no; the message is its own. */
export class IpamRefused extends Refusal {
  override name = 'IpamRefused';
}

/** For a cloud without drivers. */
export const NO_IPAM: Ipam = {
  ask() {
    throw new IpamRefused('Could not find the IPAM driver');
  },
  tell() {},
};

/** The driver that gives out the addresses of a range; undefined when the front-end does. */
export function ipamDriver({ IPAM_MAD = '' }: Vector): string | undefined {
  return IPAM_MAD === '' || IPAM_MAD === 'internal' ? undefined : IPAM_MAD;
}

/** Registers a range. @returns the range as the driver has it. @throws AddressAsked, IpamRefused */
export function registeredRange(ipam: Ipam, driver: string, given: Vector): Vector {
  const wanted = { ...given, IPAM_MAD: driver };
  const undo = () => [request(driver, 'unregister_address_range', wanted)];
  const answer = parseAnswer(ipam.ask({ ...request(driver, 'register_address_range', wanted), undo }));
  const range = answer.vector('AR');
  if (!range) throw new IpamRefused('AR not found in IPAM driver response');
  return range;
}

export function unregistering({ attributes }: AddressRange): IpamRequest {
  return request(ipamDriver(attributes) ?? '', 'unregister_address_range', attributes);
}

/**
 * Where in a range the addresses begin that its driver chooses; undefined when it has them not.
 * @param isFree whether nobody else holds an address: one that somebody holds is not given back
 * @throws AddressAsked, IpamRefused
 */
export function chosenAddresses(
  ipam: Ipam,
  range: AddressRange,
  count: number,
  isFree: (index: number) => boolean,
): number | undefined {
  const undo = (answer: string) => {
    const first = firstOf(range, answer);
    return first === undefined
      ? []
      : following(first, count)
          .filter(isFree)
          .map((index) => freeing(range, index));
  };
  const size = group('ADDRESS', group('SIZE', String(count)));
  const asked = request(ipamDriver(range.attributes) ?? '', 'get_address', range.attributes, size);
  const first = firstOf(range, ipam.ask({ ...asked, undo }));
  return first !== undefined && following(first, count).every(isFree) ? first : undefined;
}

/** Index of the first address of an answer to `get_address`; undefined when it names none of the range. */
function firstOf(range: AddressRange, answer: string): number | undefined {
  try {
    return indexOfAddress(range, { ip: parseAnswer(answer).vector('ADDRESS')?.IP ?? '' });
  } catch {
    return undefined;
  }
}

/** Has the driver note that an address is taken, and those after it. @throws AddressAsked, IpamRefused */
export function allocateAddress(ipam: Ipam, range: AddressRange, index: number, count: number): void {
  const undo = () => following(index, count).map((each) => freeing(range, each));
  ipam.ask({ ...ofAddress('allocate_address', range, index, count), undo });
}

export function freeing(range: AddressRange, index: number): IpamRequest {
  return ofAddress('free_address', range, index, 1);
}

/** Indices of addresses one after the other. */
function following(first: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => first + i);
}

function ofAddress(action: IpamAction, range: AddressRange, index: number, count: number): IpamRequest {
  const address = vectorXml('ADDRESS', { ...addressesAt(range, index), SIZE: String(count) });
  return request(ipamDriver(range.attributes) ?? '', action, { AR_ID: String(range.id), ...range.attributes }, address);
}

function request(driver: string, action: IpamAction, range: Vector, address = ''): IpamRequest {
  return { driver, action, document: group('IPAM_DRIVER_ACTION_DATA', vectorXml('AR', range), address) };
}

function parseAnswer(answer: string) {
  try {
    return parseTemplate(`${answer}\n`);
  } catch (error) {
    throw new IpamRefused(`Cannot parse the answer of the IPAM driver: ${messageOf(error)}`);
  }
}
