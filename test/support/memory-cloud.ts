/** What the sandbox asks of OpenNebula's API, answered from memory: everything that is made is ready at once. */
import type { Client } from '../../src/opennebula/client/client.ts';
import { parseTemplate } from '../../src/opennebula/template.ts';

interface Made {
  readonly id: number;
  readonly name: string;
  state: string;
  readonly host: string;
}

export class MemoryCloud {
  readonly hosts: Made[] = [];
  readonly datastores: Made[] = [{ id: 1, name: 'default', state: 'READY', host: '' }];
  readonly networks: Made[] = [];
  readonly images: Made[] = [];
  readonly templates: Made[] = [];
  readonly vms: Made[] = [];
  /** Templates that were sent, in order. */
  readonly sent: string[] = [];
  /** What calls of pools end with, while it is set. */
  refusal: Error | undefined;

  /** Address of every VM; a test serves its page there. */
  readonly #address: string;

  constructor({ address = '127.0.0.1' } = {}) {
    this.#address = address;
  }

  client(): Client {
    const add = (list: Made[]) => async (text: string) => {
      this.sent.push(text);
      return make(list, parseTemplate(text).get('NAME') ?? '');
    };
    const pool = (list: Made[]) => async () => {
      if (this.refusal) throw this.refusal;
      return { objects: list, [Symbol.iterator]: () => list[Symbol.iterator]() };
    };
    const info = (list: Made[]) => async (id: number) => list.find((each) => each.id === id);
    const vms = pool(this.vms);
    const vmPool = async () => {
      const objects = (await vms()).objects.map((vm) => this.#vm(vm));
      return { objects, [Symbol.iterator]: () => objects[Symbol.iterator]() };
    };
    const methods = {
      system: { version: async () => '7.4.0' },
      hostpool: { info: pool(this.hosts) },
      datastorepool: { info: pool(this.datastores) },
      vnpool: { info: pool(this.networks) },
      imagepool: { info: pool(this.images) },
      templatepool: { info: pool(this.templates) },
      vmpool: { info: vmPool, infoextended: vmPool },
      host: {
        allocate: async (name: string) => make(this.hosts, name, 'MONITORED'),
        info: info(this.hosts),
        delete: async (id: number) => remove(this.hosts, id),
      },
      datastore: { allocate: add(this.datastores), info: async () => ({ number: () => 1000 }) },
      vn: { allocate: add(this.networks) },
      image: { allocate: add(this.images), info: info(this.images) },
      template: {
        allocate: add(this.templates),
        instantiate: async (_: number, name: string) => make(this.vms, name, 'ACTIVE', 'host-1'),
      },
      vm: {
        info: async (id: number) => this.#vm(this.vms.find((vm) => vm.id === id) as Made),
        action: async (_: string, id: number) => {
          for (const vm of this.vms) if (vm.id === id) vm.state = 'DONE';
          return id;
        },
      },
      follow: (group: 'vm' | 'image' | 'host' | 'datastore', id: number) => ({
        holds: false,
        look: () => methods[group].info(id),
      }),
      [Symbol.dispose]() {},
    };
    return methods as unknown as Client;
  }

  #vm({ id, name, state, host }: Made) {
    const isRunning = state === 'ACTIVE';
    const lcmState = isRunning ? 'RUNNING' : 'LCM_INIT';
    return { id, name, state, lcmState, isRunning, hasFailed: false, hostName: host, addresses: [this.#address] };
  }
}

function make(list: Made[], name: string, state = 'READY', host = ''): number {
  const id = list.length + 100;
  list.push({ id, name, state, host });
  return id;
}

function remove(list: Made[], id: number): number {
  list.splice(
    list.findIndex((each) => each.id === id),
    1,
  );
  return id;
}
