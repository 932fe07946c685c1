/** Parts that the documents of several kinds share (src/pool/PoolObjectSQL.cc and ObjectCollection.cc, 7.4). */
import { permissionsXml } from '../../opennebula/permissions.ts';
import { group, text } from '../../opennebula/xml.ts';
import type { LockableRecord, OwnedRecord } from './record.ts';

/** ID, UID, GID, UNAME, GNAME, NAME. */
export function headXml(object: OwnedRecord): string {
  const { id, uid, gid, uname, gname, name } = object;
  return [
    text('ID', id),
    text('UID', uid),
    text('GID', gid),
    text('UNAME', uname),
    text('GNAME', gname),
    text('NAME', name),
  ].join('');
}

/** The lock while there is one, and the permissions. */
export function lockAndPermissionsXml(object: OwnedRecord & LockableRecord): string {
  return lockXml(object) + permissionsXml(object.permissions);
}

export function lockXml({ lock }: LockableRecord): string {
  if (!lock) return '';
  return group(
    'LOCK',
    text('LOCKED', lock.level),
    text('OWNER', lock.uid),
    text('TIME', lock.time),
    text('REQ_ID', lock.requestId),
  );
}

/** `<VMS><ID>1</ID>…</VMS>`, ascending. */
export function idList(name: string, ids: Iterable<number>): string {
  return group(name, ...[...ids].sort((a, b) => a - b).map((id) => text('ID', id)));
}
