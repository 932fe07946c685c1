/** Objects that are made for somebody else: AS_UID and AS_GID of a template (SharedAPI::as_uid_gid, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import { ONEADMIN_ID } from '../objects/user.ts';
import { Call } from './call.ts';

/**
 * The call as if the user or group that a template names had made it; both are taken out of the template. Zero names nobody.
 * @throws ApiError NO_EXISTS, AUTHORIZATION without MANAGE on them
 */
export function onBehalf(call: Call, template: Template): Call {
  const numberOf = (name: string) => {
    const given = Number.parseInt(template.get(name) ?? '', 10);
    template.delete(name);
    return Number.isNaN(given) ? -1 : given;
  };
  const [uid, gid] = [numberOf('AS_UID'), numberOf('AS_GID')];
  const asked = {
    user: uid >= 0 ? call.get('user', uid) : undefined,
    group: gid >= 0 ? call.get('group', gid) : undefined,
  };
  const [user, group] = [uid > 0 ? asked.user : undefined, gid > 0 ? asked.group : undefined];
  if (!user && !group) return call;
  if (call.uid !== ONEADMIN_ID) {
    call.authorize(
      ...(user ? [call.on('user', user, 'MANAGE')] : []),
      ...(group ? [call.on('group', group, 'MANAGE')] : []),
    );
  }
  const caller = {
    ...call.caller,
    ...(user ? { user } : {}),
    ...(group ? { gid: group.id, gname: group.name, groupIds: [group.id] } : {}),
  };
  return new Call(call.method, call.requestId, caller, call.services);
}
