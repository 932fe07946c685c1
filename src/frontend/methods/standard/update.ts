/** `one.<kind>.update`: the user's part of a template, replaced or merged into. */
import { messageOf } from '../../../errors/thrown.ts';
import type { Right } from '../../../opennebula/permissions.ts';
import { parseTemplate, type Template } from '../../../opennebula/template.ts';
import { KINDS, type Kind, type Records } from '../../objects/kinds.ts';
import type { TemplateRecord } from '../../objects/record.ts';
import { Refusal } from '../../objects/refusal.ts';
import { restrictedChange, withRestrictedKept } from '../../objects/restricted.ts';
import { internal, wrongParameter } from '../api-error.ts';
import type { Call } from '../call.ts';
import { defineMethod, int, type Method, optional, string } from '../method.ts';

export const REPLACE = 0;
export const APPEND = 1;

export interface UpdateOptions<K extends Kind> {
  /** Right that is needed; MANAGE unless given. */
  readonly right?: Right;
  /** Attribute of the configuration that lists what only oneadmin's group may change. */
  readonly restricted?: string;
  /** Whether the caller may give this at all. @throws ApiError */
  readonly check?: (call: Call, record: Records[K], given: Template) => void;
  /**
   * The record with its new template, what belongs to the object itself put back. Within the transaction.
   * @throws ApiError, or an error with oned's words
   */
  readonly apply?: (call: Call, record: Records[K], template: Template) => Records[K];
}

export function updateMethod<K extends Kind>(kind: K, options: UpdateOptions<K> = {}): Method {
  const { right = 'MANAGE', restricted, check, apply = withTemplate } = options;
  return defineMethod({
    name: `one.${KINDS[kind].prefix}.update`,
    params: { id: int, template: string, append: optional(int, REPLACE) },
    help: `Replaces the template of a ${KINDS[kind].title} (0), or merges into it (1).`,
    run(call, { id, template, append }) {
      const record = call.getAuthorized(kind, id, right);
      checkUpdateType(append);
      const rules = restricted === undefined || call.isAdmin ? [] : call.services.configuration.list(restricted);
      const parsed = orRefused(() => parseTemplate(template));
      const given = ONE_OF_EACH.has(kind) ? parsed.lastOfEach() : parsed;
      check?.(call, record, given);
      call.cloud.transaction(() =>
        orRefused(() => {
          const next = updatedTemplate((record as unknown as TemplateRecord).template, given, append, rules);
          call.cloud.pools[kind].put(apply(call, record, next));
        }),
      );
      return id;
    },
  });
}

/** Kinds whose templates have one attribute of a name. */
const ONE_OF_EACH: ReadonlySet<Kind> = new Set(['user', 'image']);

function orRefused<T>(update: () => T): T {
  try {
    return update();
  } catch (error) {
    throw internal(`Cannot update template. ${messageOf(error)}`);
  }
}

/** @throws ApiError RPC_API */
export function checkUpdateType(append: number): void {
  if (append !== REPLACE && append !== APPEND) throw wrongParameter('Wrong update type');
}

/** @throws Error with oned's words */
export function updatedTemplate(
  before: Template,
  given: Template,
  append: number,
  restricted: readonly string[],
): Template {
  const change = restrictedChange(given, before, restricted, append === APPEND);
  if (append === APPEND) {
    if (change !== undefined) throw new TemplateRefused(`User Template includes a restricted attribute ${change}`);
    return before.clone().merge(given);
  }
  if (change !== undefined) throw new TemplateRefused(`Tried to change restricted attribute: ${change}`);
  return withRestrictedKept(given, before, restricted);
}

class TemplateRefused extends Refusal {
  override name = 'TemplateRefused';
}

function withTemplate<K extends Kind>(_: Call, record: Records[K], template: Template): Records[K] {
  return { ...record, template };
}
