/**
 * The registry of the onedock datastore, and the way to images elsewhere. Each image of OpenNebula has a repository of
 * its own there, so that deleting one never touches another, and so that ids handed out twice overwrite.
 */
import { SharedWork } from '../../transport/shared-work.ts';
import { Slots } from '../../transport/slots.ts';
import { ownArchitecture } from './architecture.ts';
import type { Credentials } from './authorization.ts';
import { fail } from './errors.ts';
import {
  type ImageReference,
  imageUrl,
  parseImageReference,
  printImageReference,
  referenceWithin,
} from './image-reference.ts';
import { LoginFiles } from './login-files.ts';
import { readAuthority, readLogin, readPassword } from './logins.ts';
import { mountImage } from './own-images.ts';
import { RegistryClient } from './registry-client.ts';
import { copyImage, type SkopeoImage } from './skopeo.ts';
import { RegistryWriters } from './writers.ts';

export interface ImageRegistryOptions {
  readonly registry: {
    readonly server: string;
    readonly user?: string | undefined;
    readonly passwordFile?: string | undefined;
    readonly caFile?: string | undefined;
    readonly dataDirectory?: string | undefined;
    readonly collectorFolder?: string | undefined;
    readonly capacityMb?: number | undefined;
  };
  readonly hub: {
    readonly server: string;
    readonly caFile?: string | undefined;
    readonly insecure: boolean;
    readonly authFile?: string | undefined;
  };
  readonly host: { readonly architecture?: string | undefined };
  readonly images: { readonly copies: number };
  readonly timeouts: { readonly commandSeconds: number; readonly transferSeconds: number };
}

export interface DockerLogin {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
}

export class ImageRegistry implements AsyncDisposable {
  /** The registry of the datastore itself. */
  readonly own: RegistryClient;
  readonly #options: ImageRegistryOptions;
  readonly #clients = new Map<string, RegistryClient>();
  readonly #digests = new SharedWork<string | undefined>();
  readonly #files = new LoginFiles();
  readonly #writers: RegistryWriters;
  readonly #copies: Slots;
  readonly #access = new Map<string, Promise<Omit<SkopeoImage, 'name'>>>();

  constructor(options: ImageRegistryOptions) {
    this.#options = options;
    this.own = this.client(options.registry.server);
    this.#copies = new Slots(options.images.copies);
    this.#writers = new RegistryWriters(options.registry.collectorFolder);
  }

  /** What the hosts can run, in Docker's words. */
  get architecture(): string {
    return this.#options.host.architecture ?? ownArchitecture();
  }

  /** Where the registry keeps its data when it runs on this machine, and what it can hold when not. */
  get space(): { readonly dataDirectory?: string | undefined; readonly capacityMb?: number | undefined } {
    return this.#options.registry;
  }

  /** Reads a name as users write it: without a server it is one of the hub. @throws IMAGE_NAME_INVALID */
  parse(name: string): ImageReference {
    return parseImageReference(name, this.#options.hub.server);
  }

  /** Where an image of OpenNebula lies. */
  referenceOfImage(imageId: string | number): ImageReference {
    return { server: this.own.server, repository: `onedock/image-${imageId}`, tag: 'latest' };
  }

  /** Where a stopped VM waits for the host on which it goes on. */
  referenceOfVm(vmId: string | number): ImageReference {
    return { server: this.own.server, repository: `onedock/vm-${vmId}`, tag: 'latest' };
  }

  /** Where a snapshot of a VM's root disk lies: in a repository of its own, so that it goes without touching others. */
  referenceOfSnapshot(vmId: string | number, snapshotId: string | number): ImageReference {
    const { server, repository } = this.referenceOfVm(vmId);
    return { server, repository: `${repository}-snap-${snapshotId}`, tag: 'latest' };
  }

  /** Where an image lies upon which another is being built. */
  referenceOfBase(imageId: string | number, number: string | number): ImageReference {
    return { server: this.own.server, repository: `onedock/build-${imageId}-${number}`, tag: 'latest' };
  }

  /** A client for the server of a reference; each is opened once. */
  client(server: string): RegistryClient {
    let client = this.#clients.get(server);
    if (!client) {
      const { hub, timeouts } = this.#options;
      const caFile = this.#caFile(server);
      client = new RegistryClient({
        server,
        credentials: () => this.credentials(server),
        insecure: server === hub.server && hub.insecure,
        timeoutSeconds: timeouts.commandSeconds,
        ...(caFile === undefined ? {} : { authorities: async () => [await readAuthority(caFile)] }),
      });
      this.#clients.set(server, client);
    }
    return client;
  }

  /** The login for a server. @throws LOGIN_UNREADABLE */
  async credentials(server = this.own.server): Promise<Credentials | undefined> {
    const { user, passwordFile } = this.#options.registry;
    const { authFile } = this.#options.hub;
    if (server !== this.own.server) return authFile === undefined ? undefined : readLogin(authFile, server);
    return user === undefined || passwordFile === undefined ? undefined : readPassword(user, passwordFile);
  }

  /** The login as a Docker Engine takes it with each request, and keeps it nowhere. */
  async dockerLogin(server: string): Promise<DockerLogin | undefined> {
    const login = await this.credentials(server);
    return login && { username: login.user, password: login.password, serveraddress: server };
  }

  /** The digest that a name stands for at this moment; undefined when its registry does not have it. */
  findDigest(reference: ImageReference, signal?: AbortSignal): Promise<string | undefined> {
    return this.#digests.run(printImageReference(reference), signal, (shared) =>
      this.client(reference.server).findDigest(reference.repository, referenceWithin(reference), shared),
    );
  }

  /**
   * Keeps the collector of garbage off what is being stored, until it is disposed of: for what takes several steps, or is
   * done by others. May be taken within another.
   */
  writing(signal?: AbortSignal): Promise<AsyncDisposable> {
    return this.#writers.begin(signal);
  }

  /**
   * Copies an image of skopeo's naming, or of another registry, into the datastore's registry. Of many at once some wait.
   * @param onPart  told of each layer as it begins
   */
  async copy(
    from: string | ImageReference,
    to: ImageReference,
    signal?: AbortSignal,
    onPart?: (line: string) => void,
  ): Promise<void> {
    using _slot = await this.#copies.take(signal);
    await using _writing = await this.writing(signal);
    const source = typeof from === 'string' ? { name: from } : await this.#skopeoImage(from);
    await copyImage(source, await this.#skopeoImage(to), {
      architecture: this.architecture,
      timeoutSeconds: this.#options.timeouts.transferSeconds,
      signal,
      onPart,
    });
  }

  /** Writes an image to a file that is not there yet, as `docker save` does. */
  async save(from: ImageReference, file: string, signal?: AbortSignal): Promise<void> {
    const to = { name: `docker-archive:${file}:${from.repository}:${from.tag ?? 'latest'}` };
    await copyImage(await this.#skopeoImage(from), to, {
      architecture: this.architecture,
      timeoutSeconds: this.#options.timeouts.transferSeconds,
      signal,
    });
  }

  /** Gives an image a second name that lives on its own; its layers stay where they are if they can. @throws IMAGE_NOT_FOUND */
  async clone(from: ImageReference, to: ImageReference, signal?: AbortSignal): Promise<void> {
    if (from.server !== this.own.server) return this.copy(from, to, signal);
    await using _writing = await this.writing(signal);
    const manifest = await this.own.findManifest(from.repository, referenceWithin(from), signal);
    if (!manifest) throw fail('IMAGE_NOT_FOUND', { image: printImageReference(from), server: from.server });
    const mounted = await mountImage(this.own, manifest, from, to, signal);
    if (!mounted) await this.copy(from, to, signal);
  }

  /** Deletes an image of the datastore's registry; nothing there is no error. */
  async delete(reference: ImageReference, signal?: AbortSignal): Promise<void> {
    const digest = await this.own.findDigest(reference.repository, referenceWithin(reference), signal);
    if (digest === undefined) return;
    await using _writing = await this.writing(signal);
    await this.own.deleteManifest(reference.repository, digest, signal);
    await this.#writers.noteGarbage();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#clients.values()) client[Symbol.dispose]();
    await this.#files[Symbol.asyncDispose]();
  }

  async #skopeoImage(reference: ImageReference): Promise<SkopeoImage> {
    const { server } = reference;
    let access = this.#access.get(server);
    if (!access) {
      access = this.#skopeoAccess(server);
      this.#access.set(server, access);
      access.catch(() => this.#access.delete(server));
    }
    return { name: imageUrl(reference), ...(await access) };
  }

  async #skopeoAccess(server: string): Promise<Omit<SkopeoImage, 'name'>> {
    const { hub } = this.#options;
    const caFile = this.#caFile(server);
    return {
      authFile: server === this.own.server ? await this.#writeOwnLogin() : hub.authFile,
      certificates: caFile === undefined ? undefined : await this.#files.linkAuthority(server, caFile),
      insecure: server === hub.server && hub.insecure,
    };
  }

  async #writeOwnLogin(): Promise<string | undefined> {
    const credentials = await this.credentials();
    return credentials && this.#files.writeLogin(this.own.server, credentials);
  }

  #caFile(server: string): string | undefined {
    const { registry, hub } = this.#options;
    if (server === registry.server) return registry.caFile;
    return server === hub.server ? hub.caFile : undefined;
  }
}
