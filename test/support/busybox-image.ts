import { readFile } from 'node:fs/promises';
import type { TestImage } from './images.ts';

/** A web server with a page of its own. */
export async function busyboxImage(page = 'hello\n'): Promise<TestImage> {
  const busybox = await readFile('/bin/busybox');
  const applets = ['sh', 'cat', 'echo', 'hostname', 'httpd', 'stat', 'wget', 'sleep', 'mkdir', 'chmod'];
  const files = {
    ...Object.fromEntries(applets.map((applet) => [`bin/${applet}`, { linkTo: 'busybox' }])),
    'bin/busybox': busybox,
    'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\n',
    'www/index.html': page,
  };
  return {
    layers: [files],
    config: { Cmd: ['httpd', '-f', '-p', '80', '-h', '/www'], Env: ['PATH=/bin'] },
  };
}
