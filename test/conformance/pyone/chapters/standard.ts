/** What every object with an owner can do: update, rename, permissions, owner, lock. */
import { fails, missing, NOBODY, type Step, works } from '../step.ts';

interface Subject {
  /** As in `one.<kind>.info`. */
  readonly kind: string;
  /** As messages call it. */
  readonly title: string;
  /** As rules of access call it. */
  readonly type: string;
  /** Of an object that exists, with the owner oneadmin: a name in braces. */
  readonly id: string;
}

/** All bits kept but the one for "other use", which is set. */
const OTHERS_MAY_USE = [-1, -1, -1, -1, -1, -1, 1, -1, -1];

/** @param path where the document keeps the template that can be updated */
export function updated({ kind, title, id }: Subject, path: 'TEMPLATE' | 'USER_TEMPLATE' = 'TEMPLATE'): Step[] {
  return [
    works(`${kind}.update`, [id, 'COLOUR = "red"\nSHAPE = "round"', 1]),
    works(`${kind}.update`, [id, { COLOUR: 'blue' }, 1]),
    works(`${kind}.info`, [id], { gives: { [path]: { COLOUR: 'blue', SHAPE: 'round' } } }),
    fails(`${kind}.update`, [id, 'COLOUR = "red"', 2], 'OneApiException', 'Wrong update type'),
    // Of VMs the text is read on its own (VirtualMachineAPI::update, 7.4).
    fails(`${kind}.update`, [id, 'COLOUR = [', 1], kind === 'vm' ? 'OneActionException' : 'OneInternalException'),
    missing(`${kind}.update`, title, 'COLOUR = "red"', 1),
  ];
}

export function renamed({ kind, title, id }: Subject, name: string): Step[] {
  return [
    works(`${kind}.rename`, [id, `${name}-2`]),
    works(`${kind}.info`, [id], { gives: { NAME: `${name}-2` } }),
    works(`${kind}.rename`, [id, name]),
    missing(`${kind}.rename`, title, 'other'),
  ];
}

/** A name that none may have. */
export function namedBadly({ kind, id }: Subject): Step {
  return fails(`${kind}.rename`, [id, 'a$b'], 'OneActionException', "Invalid NAME, char '$' is not allowed");
}

export function owned({ kind, title, id }: Subject): Step[] {
  return [
    works(`${kind}.chmod`, [id, ...OTHERS_MAY_USE]),
    works(`${kind}.info`, [id], { gives: { PERMISSIONS: { OTHER_U: 1 } } }),
    fails(
      `${kind}.chmod`,
      [id, 2, -1, -1, -1, -1, -1, -1, -1, -1],
      'OneInternalException',
      'New permission values must be -1, 0 or 1',
    ),
    missing(`${kind}.chmod`, title, ...OTHERS_MAY_USE),
    works(`${kind}.chown`, [id, 1, 1]),
    works(`${kind}.info`, [id], { gives: { UID: 1, UNAME: 'serveradmin', GID: 1, GNAME: 'users' } }),
    works(`${kind}.chown`, [id, 0, 0]),
    fails(`${kind}.chown`, [id, NOBODY, -1], 'OneNoExistsException', `Error getting user [${NOBODY}].`),
    missing(`${kind}.chown`, title, 0, 0),
  ];
}

export function locked({ kind, title, type, id }: Subject): Step[] {
  return [
    works(`${kind}.lock`, [id, 2, false]),
    works(`${kind}.info`, [id], { gives: { LOCK: { LOCKED: 2, OWNER: 0 } } }),
    fails(`${kind}.rename`, [id, 'other'], 'OneAuthorizationException', `User [0] : ${type} is locked. [${id}].`),
    fails(`${kind}.lock`, [id, 9, false], 'OneActionException', 'Wrong lock level specified'),
    works(`${kind}.unlock`, [id]),
    missing(`${kind}.lock`, title, 2, false),
    missing(`${kind}.unlock`, title),
  ];
}

export function shown({ kind, title, id }: Subject, gives: object): Step[] {
  return [works(`${kind}.info`, [id, false], { gives }), missing(`${kind}.info`, title)];
}
