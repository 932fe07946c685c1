/** OS/BOOT: the devices that a guest starts from, marked with their ORDER (src/vm/VirtualMachine.cc set_boot_order, 7.4). */
import { Template, type Vector } from '../../opennebula/template.ts';
import { without } from './edit-template.ts';
import { InvalidTemplate } from './invalid-template.ts';

const ID_OF: Readonly<Record<string, string>> = { DISK: 'DISK_ID', NIC: 'NIC_ID' };

/** The template with ORDER in its disks and NICs as OS/BOOT names them, and nowhere else. @throws InvalidTemplate */
export function withBootOrder(template: Template): Template {
  const boot = template.vector('OS')?.BOOT ?? '';
  const isOrdered = ['DISK', 'NIC'].some((name) => template.vectors(name).some(({ ORDER }) => ORDER !== undefined));
  if (boot === '' && !isOrdered) return template;
  const orders = ordersOf(boot, template);
  return new Template(
    template.attributes.map(([name, value]) => {
      const id = ID_OF[name];
      if (id === undefined || typeof value === 'string') return [name, value];
      const order = orders.get(keyOf(name, value[id] ?? ''));
      const plain = without(value, 'ORDER');
      return [name, order === undefined ? plain : { ...plain, ORDER: String(order) }];
    }),
  );
}

function ordersOf(boot: string, template: Template): ReadonlyMap<string, number> {
  const orders = new Map<string, number>();
  for (const device of boot.split(',').filter((part) => part !== '')) {
    const match = /^(DISK|NIC)(\d+)$/.exec(device.toUpperCase());
    if (!match) {
      throw new InvalidTemplate(`Wrong OS/BOOT value: "${boot}" should be a comma-separated list of disk# or nic#`);
    }
    const [, name = '', id = ''] = match;
    const idName = ID_OF[name] ?? '';
    const isThere = template.vectors(name).some((vector: Vector) => Number(vector[idName]) === Number(id));
    if (!isThere) throw new InvalidTemplate(`Wrong OS/BOOT value. Device with ${idName} ${Number(id)} not found`);
    orders.set(keyOf(name, id), orders.size + 1);
  }
  return orders;
}

function keyOf(name: string, id: string): string {
  return `${name} ${Number(id)}`;
}
