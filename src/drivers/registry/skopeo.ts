/**
 * skopeo copies whole images between registries, archives and layout directories, and needs no Docker daemon. It gets
 * its credentials from files that only this user may read, never on its command line.
 */
import { runProcess } from '../../transport/run-process.ts';
import { fail } from './errors.ts';

/** An image as skopeo names it, `docker://…`, `docker-archive:…`, `oci:…`, with what it takes to get at it. */
export interface SkopeoImage {
  readonly name: string;
  /** In the form of `docker login`; nobody is logged in without. */
  readonly authFile?: string | undefined;
  /** Directory with the certificates of authorities to trust, `*.crt`. */
  readonly certificates?: string | undefined;
  readonly insecure?: boolean;
}

export interface CopyOptions {
  /** Which one of an image for several architectures; the others stay behind. */
  readonly architecture: string;
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
  /** Told of each part as it begins: `Copying blob sha256:…`. */
  readonly onPart?: ((line: string) => void) | undefined;
}

/**
 * Copies an image. What is at the destination is replaced at the end, so a copy that fails changes no image there.
 * @throws IMAGE_COPY_FAILED with skopeo's last word; COMMAND_NOT_FOUND, COMMAND_TIMED_OUT
 */
export async function copyImage(from: SkopeoImage, to: SkopeoImage, options: CopyOptions): Promise<void> {
  const { timeoutSeconds, signal, onPart } = options;
  const { exitCode, stderr } = await runProcess(
    { name: 'this machine', command: ['skopeo', ...copyArguments(from, to, options)] },
    {
      timeoutSeconds,
      acceptExitCodes: [0, 1, 2],
      ...(signal === undefined ? {} : { signal }),
      ...(onPart === undefined ? {} : { onOutput: (chunk) => tellParts(chunk, onPart) }),
    },
  );
  if (exitCode !== 0) throw fail('IMAGE_COPY_FAILED', { from: from.name, to: to.name, message: lastWord(stderr) });
}

export function copyArguments(
  from: SkopeoImage,
  to: SkopeoImage,
  { architecture, onPart }: Pick<CopyOptions, 'architecture' | 'onPart'>,
): string[] {
  return [
    '--override-os=linux',
    `--override-arch=${architecture}`,
    'copy',
    ...(onPart === undefined ? ['--quiet'] : []),
    '--retry-times=2',
    '--remove-signatures',
    ...accessArguments('src', from),
    ...accessArguments('dest', to),
    from.name,
    to.name,
  ];
}

function accessArguments(end: 'src' | 'dest', { name, authFile, certificates, insecure }: SkopeoImage): string[] {
  if (!name.startsWith('docker://')) return [];
  return [
    authFile === undefined ? `--${end}-no-creds` : `--${end}-authfile=${authFile}`,
    ...(certificates === undefined ? [] : [`--${end}-cert-dir=${certificates}`]),
    ...(insecure ? [`--${end}-tls-verify=false`] : []),
  ];
}

/** skopeo logs `time="…" level=fatal msg="…"`, the message quoted as in Go. */
function lastWord(stderr: string): string {
  const messages = [...stderr.matchAll(/msg=("(?:[^"\\]|\\.)*"|\S+)/g)].map(([, quoted = '']) => quoted);
  const last = messages.at(-1) ?? stderr.trim().split('\n').at(-1) ?? '';
  return last.startsWith('"') ? last.slice(1, -1).replaceAll(/\\(.)/g, '$1') : last;
}

/** Its lines come whole when nobody looks at a terminal. */
function tellParts(chunk: string, onPart: (line: string) => void): void {
  for (const line of chunk.split('\n')) if (line.startsWith('Copying ')) onPart(line.trim());
}
