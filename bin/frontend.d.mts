/**
 * OpenNebula's API in this process, for the tests of clients: no root, no hypervisor; dummy hosts run whatever VM they
 * are given, at once. docs/how-to/use-the-front-end-as-a-test-fixture.md shows it at work.
 */

export type LogLevel = 'error' | 'warning' | 'info' | 'debug';

export interface FrontendOptions {
  /** So many hosts of the dummy drivers, `dummy-1` and so on, in a cloud whose datastores are dummies too. 0 by default. */
  readonly dummyHosts?: number;
  /** 0, the default, is any free one; OpenNebula's own is 2633. */
  readonly port?: number;
  /** `127.0.0.1` by default. */
  readonly address?: string;
  /**
   * Where everything is kept: the store, `one_auth` with oneadmin's session, files of VMs, and `remotes` with drivers of
   * your own. What a front-end left there is found again. By default a temporary folder, which goes with the front-end.
   */
  readonly dataFolder?: string;
  /** `user:password` of oneadmin in a new cloud. By default that of `one_auth`, which is made with a random password. */
  readonly session?: string;
  /** Attributes of `oned.conf` that are to differ from those of a fresh OpenNebula; `oned.conf` of the folder unless given. */
  readonly configuration?: string;
  /** Gets each line of what oned would write into its log. */
  readonly log?: (line: string, level: LogLevel) => void;
}

/** A front-end that takes calls until it is disposed of. */
export interface Frontend extends AsyncDisposable {
  /** As clients are told it: `http://127.0.0.1:2633/RPC2`. */
  readonly url: string;
  /** Answers GET with `200 ok`. */
  readonly healthUrl: string;
  readonly port: number;
  /** `user:password` of oneadmin. */
  readonly session: string;
  /** The file that holds the session, for ONE_AUTH. */
  readonly authFile: string;
  readonly dataFolder: string;
}

/** Starts a front-end; resolves once it takes calls and all its dummy hosts are monitored. */
export declare function createFrontend(options?: FrontendOptions): Promise<Frontend>;
