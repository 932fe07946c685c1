/** One call of the API: who asks, and what a method needs to answer in the usual order of checks. */
import type { Right } from '../../opennebula/permissions.ts';
import { isKeyOf } from '../../opennebula/tables.ts';
import { parseTemplate, type Template, TemplateSyntaxError } from '../../opennebula/template.ts';
import {
  anyOf,
  type Demand,
  isAdmin,
  newResource,
  type Resource,
  refusalOf,
  resourceOf,
  type Subject,
  usableBy,
} from '../objects/authorization.ts';
import { type AuthType, KINDS, type Kind, type Records } from '../objects/kinds.ts';
import { ONEADMIN_ID, type User } from '../objects/user.ts';
import type { Cloud } from '../store/cloud.ts';
import { internal, notAuthorized, notFound } from './api-error.ts';
import type { Services } from './services.ts';

/** Who a session stands for: the user, and the groups that count, which a token may narrow. */
export interface Caller {
  readonly user: User;
  readonly gid: number;
  readonly gname: string;
  readonly groupIds: readonly number[];
}

export class Call {
  readonly method: string;
  /** Of the request, as logs and history records show it. */
  readonly requestId: number;
  readonly caller: Caller;
  readonly services: Services;
  #made: { readonly value: unknown } | undefined;

  constructor(method: string, requestId: number, caller: Caller, services: Services) {
    this.method = method;
    this.requestId = requestId;
    this.caller = caller;
    this.services = services;
  }

  get cloud(): Cloud {
    return this.services.cloud;
  }

  get uid(): number {
    return this.caller.user.id;
  }

  /** The group that new objects get. */
  get gid(): number {
    return this.caller.gid;
  }

  get subject(): Subject {
    return { uid: this.uid, groupIds: this.caller.groupIds };
  }

  /** Whether the caller is in oneadmin's group, so that nothing but locks stops him. */
  get isAdmin(): boolean {
    return isAdmin(this.subject);
  }

  get isOneadmin(): boolean {
    return this.uid === ONEADMIN_ID;
  }

  /** Owner and group of an object that the caller makes. */
  get owner(): { uid: number; gid: number; uname: string; gname: string } {
    const { user, gid, gname } = this.caller;
    return { uid: user.id, gid, uname: user.name, gname };
  }

  /** @throws ApiError NO_EXISTS */
  get<K extends Kind>(kind: K, id: number): Records[K] {
    const record = this.cloud.pools[kind].get(id);
    if (!record) throw notFound(kind, id);
    return record;
  }

  /** The object, when the caller has the right to it. @throws ApiError NO_EXISTS, AUTHORIZATION */
  getAuthorized<K extends Kind>(
    kind: K,
    id: number,
    right: Right,
    options: { despiteLock?: boolean } = {},
  ): Records[K] {
    // No object has such an id: oned asks for the right to objects of the kind at large (SharedAPI::basic_authorization).
    if (id < 0) this.authorize({ right, resource: anyOf(KINDS[kind].authType), ...options });
    const record = this.get(kind, id);
    this.authorize({ right, resource: resourceOf(kind, record), ...options });
    return record;
  }

  /** @throws ApiError AUTHORIZATION with all that is refused */
  authorize(...demands: readonly Demand[]): void {
    const refusal = refusalOf(this.subject, demands, this.#rules());
    if (refusal !== undefined) throw notAuthorized(refusal);
  }

  may(demand: Demand): boolean {
    return refusalOf(this.subject, [demand], this.#rules()) === undefined;
  }

  /** What a method does outside of its last transaction is not done again with it (`dispatch/ipam-drivers.ts`). */
  once<T>(make: () => T): T {
    this.#made ??= { value: make() };
    return this.#made.value as T;
  }

  /** A record as a document shows it: only administrators may have its secrets in the clear. */
  readable<K extends Kind>(kind: K, record: Records[K], decrypt: boolean): Records[K] {
    return decrypt && this.isAdmin ? this.cloud.secrets.open(kind, record) : record;
  }

  /** The demand to make an object of a kind. */
  creation(kind: Kind | AuthType): Demand {
    const type = isKeyOf(KINDS, kind) ? KINDS[kind].authType : kind;
    return { right: 'CREATE', resource: newResource(type, this.owner) };
  }

  /**
   * Asks for the rights to copy an object. oned asks for CREATE on the original too, and in 7.4 by mistake for no USE of it
   * (SharedAPI::clone), so that whoever may make objects of a kind could read any of them; here it takes USE as well.
   */
  authorizeCopy<K extends Kind>(kind: K, original: Records[K]): void {
    this.authorize(this.on(kind, original, 'CREATE'), this.creation(kind));
    this.authorize(this.on(kind, original, 'USE'));
  }

  /** The demand of a right on an object. */
  on<K extends Kind>(kind: K, record: Records[K], right: Right): Demand {
    return { right, resource: resourceOf(kind, record) };
  }

  /** Tells the objects of a kind that the caller may use from the others. */
  usable<K extends Kind>(kind: K): (record: Records[K]) => boolean {
    if (this.isAdmin) return () => true;
    const test: (resource: Resource) => boolean = usableBy(this.subject, KINDS[kind].authType, this.#rules());
    return (record) => test(resourceOf(kind, record));
  }

  /** Reads a template argument. @throws ApiError INTERNAL with the parser's words */
  parseTemplate(source: string): Template {
    try {
      return parseTemplate(source);
    } catch (error) {
      if (error instanceof TemplateSyntaxError) throw internal(error.message);
      throw error;
    }
  }

  /** An administrator is asked for none. */
  #rules() {
    if (this.isAdmin) return [];
    return Array.from(this.cloud.pools.acl.all(), ({ rule }) => rule);
  }
}
