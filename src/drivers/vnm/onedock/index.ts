/**
 * The driver `bridge` by a name of its own, for networks of an OpenNebula that has a `bridge` already: that one runs on
 * the hosts, and wants Ruby and OpenNebula's scripts there.
 */
import type { XmlElement } from '../../../opennebula/xml.ts';
import type { Action, ActionContext } from '../../contract/action.ts';
import type { VnmDriver } from '../../contract/families.ts';
import type { HostServices } from '../../hosts/docker-hosts.ts';
import { bridge } from '../bridge/index.ts';

const OWN_NAME = 'onedock';
const OTHER_NAME = 'bridge';

export const onedock = Object.fromEntries(
  Object.entries<Action<HostServices>>(bridge).map(([name, action]) => [name, byOwnName(action)]),
) as VnmDriver<HostServices>;

function byOwnName(action: Action<HostServices>): Action<HostServices> {
  return {
    ...action,
    run: (argv, context: ActionContext & HostServices) =>
      action.run(argv, { ...context, document: () => renamed(context.document()) }),
  };
}

/** The document with each VN_MAD of this driver as the one of the other. */
function renamed(element: XmlElement): XmlElement {
  const isOurs = element.name === 'VN_MAD' && element.text === OWN_NAME;
  return { ...element, text: isOurs ? OTHER_NAME : element.text, children: element.children.map(renamed) };
}
