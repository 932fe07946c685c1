/**
 * How drivers reach hosts: by name, over one SSH connection per host that is shared and kept. A host offers its Docker
 * Engine, the helper that does what needs root, commands as the SSH user, and files.
 */
import type { AcceptedStream } from '../../transport/ssh.ts';
import type { RunOptions, RunResult } from '../../transport/transport.ts';
import type { SmallFile } from '../../transport/tree-copy.ts';
import type { DockerEngine } from '../docker/docker-engine.ts';

export interface DockerHosts extends AsyncDisposable {
  /** @throws HOST_UNREACHABLE, HOST_KEY_UNKNOWN, HOST_AUTHENTICATION_FAILED */
  connect(host: string, signal?: AbortSignal): Promise<DockerHost>;
}

/** Belongs to `DockerHosts`: it is never closed by who uses it. */
export interface DockerHost {
  readonly name: string;
  readonly docker: DockerEngine;

  /**
   * A verb of `onedock-host-helper` (see `host-files/onedock-host-helper`), as root.
   * @returns what it printed @throws HELPER_FAILED with the sentence that it said; HELPER_OF_OTHER_RELEASE where the programs
   * there are others than those that the drivers were written with, which may be why
   */
  helper(verb: string, args: readonly string[], options?: HelperOptions): Promise<string>;

  /** A command as the SSH user. */
  run(argv: readonly string[], options?: HostRunOptions): Promise<RunResult>;

  /** Listens on a port of the host until the connection to it is lost. */
  listen(at: { readonly address: string; readonly port: number }, accepted: AcceptedStream): Promise<AsyncDisposable>;

  /** Copies a file or directory of the front-end to the host under the given name, holes kept; what was there is replaced at the end. */
  send(localPath: string, remotePath: string, options?: CopyOptions): Promise<void>;
  /** Makes a directory of small files on the host, in place of what was there. */
  sendFiles(files: readonly SmallFile[], remotePath: string, options?: CopyOptions): Promise<void>;
  /** The other way. */
  receive(remotePath: string, localPath: string, options?: CopyOptions): Promise<void>;

  /**
   * Keeps other actions, and the monitoring's judgement, off a VM until it is given back. Waits for who has it.
   * @param name  the container's, `one-<v>`
   * @throws VM_BUSY after `timeoutSeconds`
   */
  lock(name: string, options?: LockOptions): Promise<AsyncDisposable>;
  /** Names of the VMs that somebody holds at this moment. */
  lockedVms(signal?: AbortSignal): Promise<ReadonlySet<string>>;
}

export interface HostRunOptions extends RunOptions {
  /** It may be one of many in a shell that stays, where this process has such. */
  readonly shell?: SharedShell;
}

/**
 * What takes a moment and says little is `brief`: its stdin is whole lines of text; what is aborted is not waited for, and may
 * be done all the same. Each `look` of monitoring follows the one before, so that they keep no action waiting; no stdin.
 */
export type SharedShell = 'brief' | 'look';

export interface HelperOptions {
  readonly stdin?: string;
  /** The same call that is under way for somebody else will do: it makes sure of something. Not with a stdin. */
  readonly shared?: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutSeconds?: number;
}

export interface CopyOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutSeconds?: number;
}

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  readonly timeoutSeconds?: number;
}

/** Services that the drivers of hosts take. */
export interface HostServices {
  readonly hosts: DockerHosts;
}
