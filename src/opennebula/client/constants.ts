/** Numbers that stand in arguments of the API, by name (include/{VirtualMachine,Host,PoolObjectSQL}.h, 7.4). */

/** How `update` treats what the object has: all is replaced, or attributes of the same names are. */
export const UPDATE = { REPLACE: 0, APPEND: 1 } as const;

/** Level of a lock: which operations it refuses. ALL is stored as USE. */
export const LOCK = { USE: 1, MANAGE: 2, ADMIN: 3, ALL: 4 } as const;

/** How `vm.recover` treats the action under way. */
export const RECOVER = { FAILURE: 0, SUCCESS: 1, RETRY: 2, DELETE: 3, RECREATE: 4, DELETE_DB: 5 } as const;

/** How `vm.migrate` takes the guest from its host when it is not live. */
export const MIGRATE_BY = { SAVE: 0, POWEROFF: 1, POWEROFF_HARD: 2 } as const;

/** What `host.status` sets. */
export const HOST_STATUS = { ENABLED: 0, DISABLED: 1, OFFLINE: 2 } as const;

/** Whose objects a pool call lists; a number from 0 up is a user. */
export const FILTER = { PRIMARY_GROUP: -4, MINE: -3, ALL: -2, MINE_AND_GROUPS: -1 } as const;
