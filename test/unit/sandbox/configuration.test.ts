import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EXAMPLE } from '../../../docs/generate/sandbox-yaml.ts';
import { loadConfiguration, parseConfiguration } from '../../../src/sandbox/configuration-file.ts';
import { readSource } from '../../support/source-files.ts';

const parse = (text: string) => parseConfiguration(text, 'sandbox.yaml');

function problems(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    return (error as { why: string }).why.split('\n');
  }
  return expect.fail('It was accepted.');
}

describe('sandbox.yaml', () => {
  it('may be empty: there is a sample image, a template and a VM with a page', () => {
    const { name, hosts, images, templates, vms } = parse('');
    expect({ name, hosts }).toEqual({ name: 'sandbox', hosts: 2 });
    expect(images).toMatchObject([{ name: 'web', path: 'sample', datastore: 'onedock' }]);
    expect(templates).toMatchObject([{ name: 'web', image: 'web', networks: ['vms'] }]);
    expect(vms).toEqual([{ name: 'web', template: 'web', page: 80 }]);
  });

  it('in the repository spells out the defaults', () => {
    expect(parse(readSource('sandbox.yaml'))).toEqual(parse(''));
  });

  it('as the reference shows it is valid', () => {
    expect(parse(EXAMPLE)).toMatchObject({ hosts: 3, hub: 'stand-in' });
  });

  it('that declares anything of the cloud gets nothing else', () => {
    expect(parse('vms: []')).toMatchObject({ images: [], templates: [], vms: [] });
  });

  it('on given machines has as many hosts as there are machines for', () => {
    const text = 'provider: ssh\nssh: { machines: { frontend: 192.0.2.1, host-1: 192.0.2.2, host-2: 192.0.2.3 } }';
    expect(parse(text)).toMatchObject({ hosts: 2, ssh: { user: 'root', port: 22, keyFile: '~/.ssh/id_ed25519' } });
    expect(parse(`hosts: 1\n${text}`)).toMatchObject({ hosts: 1 });
  });

  it('has OpenNebula’s own key for its own packages, none for a mirror here, and the one that is named', () => {
    const keyOf = (more: string) => parse(`frontEnd: opennebula\nopennebula: { ${more} }`).opennebula.key;
    expect(keyOf('')).toMatch(/^https:\/\/downloads\.opennebula\.io\//);
    expect([keyOf('directory: mirror'), keyOf('directory: mirror, key: k'), keyOf('key: k')]).toEqual([
      undefined,
      'k',
      'k',
    ]);
  });

  it('puts disks into the default datastore', () => {
    const { images } = parse('images: [{ name: data, type: DATABLOCK, sizeMb: 10 }]');
    expect(images).toMatchObject([{ datastore: 'default' }]);
  });

  it('reports all problems together, each with line and column', () => {
    const text = 'hosts: many\ncolour: red\nimages:\n  - name: a\n    path: x\n  - { name: a }\n';
    expect(problems(text)).toEqual([
      'sandbox.yaml:1:1 hosts: Invalid input: expected number, received string',
      'sandbox.yaml:2:1 colour: is no key that ONEDock knows',
      'sandbox.yaml:6:7 images.1.name: a is the name of another of the images',
      'sandbox.yaml:6:5 images.1: needs a path',
    ]);
  });

  it.each([
    ['vms: [{ name: a, template: b }]', 'sandbox.yaml:1:18 vms.0.template: b is none of the templates declared here'],
    ['provider: ssh', 'sandbox.yaml:1:1 provider: needs the machines under `ssh`'],
    ['provider: ssh\nssh: { machines: { host-1: a } }\nhosts: 2', 'sandbox.yaml:2:8 ssh.machines: has no frontend'],
    ['ssh: { machines: { web: a } }', 'sandbox.yaml:1:20 ssh.machines.web: Invalid key in record'],
    ['name: Demo', 'sandbox.yaml:1:1 name: must be a lower-case letter and up to 19 letters, digits and hyphens'],
    ['subnets: { vms: 10.0.0.1/24 }', 'sandbox.yaml:1:12 subnets.vms: must be an IPv4 network'],
    [
      'frontEnd: opennebula\nopennebula: { repository: "http://packages" }',
      'sandbox.yaml:2:15 opennebula.repository: needs the key that signs it, as `opennebula.key`',
    ],
    ['opennebula: { version: "7 4" }', 'sandbox.yaml:1:15 opennebula.version: must be a version as apt has it'],
    ['- a list', 'sandbox.yaml:1:1 the file: Invalid input: expected object, received array'],
    ['a: b: c', 'sandbox.yaml:1:4: Nested mappings are not allowed in compact mappings'],
  ])('refuses %s', (text, problem) => {
    expect(problems(text)[0]).toContain(problem);
  });

  it('with `internet: false` takes images from files and the stand-in hub only', () => {
    const images = 'internet: false\nimages: [{ name: a, path: "docker://nginx" }]\n';
    expect(problems(images)).toEqual([
      'sandbox.yaml:2:21 images.0.path: cannot be had with `internet: false` and no stand-in hub',
    ]);
    expect(parse(`${images}hub: stand-in\n`).internet).toBe(false);
  });

  it('takes text in the template language, and checks it', () => {
    const template = (attributes: string) => `images: [{ name: a, path: sample, attributes: '${attributes}' }]`;
    expect(parse(template('LABELS = "x"')).images[0]?.attributes).toBe('LABELS = "x"');
    expect(problems(template('LABELS ='))[0]).toContain('is not in the template language');
  });
});

describe('finding sandbox.yaml', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'onedock-unit-'));
    await mkdir(join(folder, 'a/b'), { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('takes the nearest from the working directory up', async () => {
    await writeFile(join(folder, 'sandbox.yaml'), 'name: outer');
    await writeFile(join(folder, 'a/sandbox.yaml'), 'name: inner');
    expect(await loadConfiguration(join(folder, 'a/b'))).toMatchObject({
      configuration: { name: 'inner' },
      folder: join(folder, 'a'),
    });
  });

  it('takes the one that is named, and complains when it is not there', async () => {
    await writeFile(join(folder, 'other.yaml'), 'name: other');
    const named = await loadConfiguration(folder, { file: 'other.yaml' });
    expect(named.configuration.name).toBe('other');
    await expect(loadConfiguration(folder, { file: 'none.yaml' })).rejects.toMatchObject({
      code: 'CONFIGURATION_UNREADABLE',
    });
  });

  it('lets options go before the file', async () => {
    await writeFile(join(folder, 'sandbox.yaml'), 'name: outer\nhosts: 3');
    const { configuration } = await loadConfiguration(folder, { overrides: { name: 'ci', hosts: 1 } });
    expect(configuration).toMatchObject({ name: 'ci', hosts: 1 });
  });
});
