/**
 * Refusals as the API words them: a code, and a message whose shape the code decides (src/rm/Request.cc, 7.4). Methods
 * throw them; the server puts the method's name in front.
 */
import { API_CODE, type ApiCode } from '../../opennebula/numbers.ts';
import { KINDS, type Kind } from '../objects/kinds.ts';

export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: ApiCode;
  readonly reason: string;
  /** What the error is about, if that is not the kind of object the method works on. */
  readonly kind: Kind | undefined;
  /** What the error is about, where that is no kind of object. */
  readonly title: string | undefined;
  /** The object that caused the error; -1: none. */
  readonly objectId: number;

  constructor(
    code: ApiCode,
    reason = '',
    about: { readonly kind?: Kind; readonly title?: string; readonly objectId?: number } = {},
  ) {
    super(reason);
    this.code = code;
    this.reason = reason;
    this.kind = about.kind;
    this.title = about.title;
    this.objectId = about.objectId ?? -1;
  }
}

/** No user, a wrong password, or a user who is disabled. */
export const notAuthenticated = () => new ApiError('AUTHENTICATION');
/** Permission, quota, restricted attribute or lock. The reason goes without a full stop. */
export const notAuthorized = (reason: string) => new ApiError('AUTHORIZATION', reason);
export const notFound = (kind: Kind, objectId: number) => new ApiError('NO_EXISTS', '', { kind, objectId });
/** Not possible in this state. */
export const notPossible = (reason: string) => new ApiError('ACTION', reason);
/** A parameter has a value that it may not have. */
export const wrongParameter = (reason: string) => new ApiError('RPC_API', reason);
/** Templates and drivers, and all that has no code of its own. */
export const internal = (reason: string) => new ApiError('INTERNAL', reason);
export const notAllocated = (reason = '', kind?: Kind) =>
  new ApiError('ALLOCATE', reason, kind === undefined ? {} : { kind });

interface Where {
  readonly method: string;
  /** Of the caller; -1 when unknown. */
  readonly uid: number;
  /** What the method's object is called. */
  readonly title: string;
}

type Shape = (error: ApiError, where: Where) => string;

const plain: Shape = ({ reason }) => reason;

const SHAPES: Readonly<Record<ApiCode, Shape>> = {
  SUCCESS: plain,
  AUTHENTICATION: () => "User couldn't be authenticated, aborting call.",
  AUTHORIZATION: ({ reason }, { uid, title }) =>
    reason === '' ? `User [${uid}] not authorized to perform action on ${title}.` : `User [${uid}] : ${reason}.`,
  NO_EXISTS: ({ objectId }, { title }) => `Error getting ${title} ${objectId === -1 ? 'Pool' : `[${objectId}]`}.`,
  ACTION: plain,
  RPC_API: plain,
  INTERNAL: plain,
  ALLOCATE: ({ reason }, { title }) => `Error allocating a new ${title}.${reason === '' ? '' : ` ${reason}`}`,
  LOCKED: ({ objectId }, { title }) => `The resource ${title} is locked. [${objectId}].`,
  REPLICATION: plain,
};

/** What oned calls the object of a method that is about none (src/rm/RequestLogger.cc, 7.4). */
const NO_OBJECT = '-';

/** The failure that the caller gets: message, code, and id of the object. */
export function describeApiError(
  error: ApiError,
  where: { readonly method: string; readonly uid: number; readonly kind: Kind | undefined },
): { message: string; code: number; objectId: number } {
  const kind = error.kind ?? where.kind;
  const shape = SHAPES[error.code];
  const message = shape(error, { ...where, title: error.title ?? (kind ? KINDS[kind].title : NO_OBJECT) });
  return { message: `[${where.method}] ${message}`, code: API_CODE[error.code], objectId: error.objectId };
}
