/**
 * The parts of Docker's API objects that the drivers use, under Docker's own names (Engine API 1.41 and later,
 * https://docs.docker.com/reference/api/engine/). Memory is in bytes, NanoCpus are billionths of a processor.
 */

export interface EngineInfo {
  readonly Name: string;
  readonly NCPU: number;
  readonly Driver: string;
  readonly CgroupVersion?: '1' | '2';
  readonly OperatingSystem: string;
  readonly KernelVersion: string;
  readonly Architecture: string;
  readonly ServerVersion: string;
  readonly DockerRootDir: string;
  /** Such as `name=seccomp,profile=default`; `name=rootless` and `name=userns` where it is so. */
  readonly SecurityOptions: readonly string[];
  /** Podman's. */
  readonly Rootless?: boolean;
  readonly Runtimes?: Readonly<Record<string, object>>;
  /** Whether it does what is not yet for everybody, checkpoints for one. */
  readonly ExperimentalBuild?: boolean;
  /** Name or path of the program that it puts before those of a container with Init. */
  readonly InitBinary?: string;
}

/** The parts of Podman's own description of itself (`/libpod/info`). */
export interface PodmanInfo {
  readonly host: {
    /** `v1` or `v2`. */
    readonly cgroupVersion: string;
    /** `systemd` or `cgroupfs`. */
    readonly cgroupManager: string;
    /** Those that it may use. */
    readonly cgroupControllers?: readonly string[] | null;
    readonly idMappings: { readonly uidmap: readonly IdRange[] | null; readonly gidmap: readonly IdRange[] | null };
  };
}

export interface IdRange {
  readonly container_id: number;
  readonly host_id: number;
  readonly size: number;
}

export interface ImageInspect {
  readonly Id: string;
  readonly RepoTags: readonly string[] | null;
  readonly RepoDigests: readonly string[] | null;
  readonly Architecture: string;
  readonly Size: number;
  readonly Config: ImageConfig;
}

/** What an image asks for when it is run. */
export interface ImageConfig {
  readonly User?: string;
  readonly Env?: readonly string[] | null;
  readonly Cmd?: readonly string[] | null;
  readonly Entrypoint?: readonly string[] | null;
  readonly WorkingDir?: string;
  readonly StopSignal?: string;
  readonly Labels?: Readonly<Record<string, string>> | null;
}

export interface ContainerSpec {
  readonly Image: string;
  readonly Hostname?: string;
  readonly User?: string;
  readonly Env?: readonly string[];
  readonly Entrypoint?: readonly string[];
  readonly Cmd?: readonly string[];
  readonly WorkingDir?: string;
  readonly StopSignal?: string;
  readonly Tty?: boolean;
  readonly OpenStdin?: boolean;
  readonly Labels?: Readonly<Record<string, string>>;
  /** Whether the engine leaves the container's network alone. */
  readonly NetworkDisabled?: boolean;
  readonly HostConfig: HostConfig;
}

export interface HostConfig {
  /** Whether the engine puts an init of its own before the command. */
  readonly Init?: boolean;
  readonly NetworkMode: string;
  /** Whether it sees the control groups of the whole host. */
  readonly CgroupnsMode?: 'host' | 'private';
  readonly Memory?: number;
  readonly MemorySwap?: number;
  readonly NanoCpus?: number;
  readonly CpuShares?: number;
  readonly PidsLimit?: number;
  readonly Binds?: readonly string[];
  readonly Mounts?: readonly Mount[];
  readonly Dns?: readonly string[];
  readonly DnsSearch?: readonly string[];
  readonly ExtraHosts?: readonly string[];
  readonly CapAdd?: readonly string[];
  readonly CapDrop?: readonly string[];
  readonly SecurityOpt?: readonly string[];
  readonly Sysctls?: Readonly<Record<string, string>>;
  readonly Ulimits?: readonly { readonly Name: string; readonly Soft: number; readonly Hard: number }[];
  /** In bytes. */
  readonly ShmSize?: number;
  /** Options of the mount by path. */
  readonly Tmpfs?: Readonly<Record<string, string>>;
  readonly Devices?: readonly {
    readonly PathOnHost: string;
    readonly PathInContainer: string;
    readonly CgroupPermissions: string;
  }[];
  readonly DeviceRequests?: readonly {
    readonly Driver: string;
    /** -1 for all. */
    readonly Count: number;
    readonly DeviceIDs: readonly string[];
    readonly Capabilities: readonly (readonly string[])[];
  }[];
  readonly RestartPolicy?: { readonly Name: 'no' };
  readonly LogConfig?: { readonly Type: string; readonly Config: Readonly<Record<string, string>> };
  readonly Privileged?: false;
}

export interface Mount {
  readonly Type: 'bind';
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly?: boolean;
  readonly BindOptions?: {
    readonly Propagation: 'rprivate' | 'rslave' | 'rshared';
    /** Known from API 1.44 on. */
    readonly ReadOnlyNonRecursive?: boolean;
  };
}

export type ContainerStatus = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';

export interface ContainerInspect {
  readonly Id: string;
  readonly Name: string;
  /** Digest of the image's configuration. */
  readonly Image: string;
  readonly State: {
    readonly Status: ContainerStatus;
    readonly Running: boolean;
    readonly Paused: boolean;
    readonly OOMKilled: boolean;
    readonly Pid: number;
    readonly ExitCode: number;
    readonly Error: string;
    readonly StartedAt: string;
    readonly FinishedAt: string;
  };
  readonly Config: {
    readonly Image: string;
    readonly User?: string;
    readonly Tty?: boolean;
    readonly Labels: Readonly<Record<string, string>> | null;
  };
  /** Where its files lie, as the storage driver of that name has it. */
  readonly GraphDriver?: { readonly Name: string; readonly Data: { readonly UpperDir?: string } | null };
  /** Limits; 0 for none. */
  readonly HostConfig: {
    readonly Memory?: number;
    readonly NanoCpus?: number;
    readonly CpuShares?: number;
  };
}

export interface ContainerSummary {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly Image: string;
  readonly State: ContainerStatus;
  readonly Status: string;
  readonly Labels: Readonly<Record<string, string>> | null;
}

export interface DockerEvent {
  readonly Type: string;
  /** `create`, `start`, `die`, `destroy`, `pause`, `oom`, …; for health checks and exec with a suffix. */
  readonly Action: string;
  readonly Actor: { readonly ID: string; readonly Attributes: Readonly<Record<string, string>> };
}

/** Absent parts: cgroup v2 has no failcnt or max_usage, a container that does not run has nothing. */
export interface ContainerStats {
  /** By interface; absent for a container without a network of Docker's. */
  readonly networks?: Readonly<Record<string, { readonly rx_bytes: number; readonly tx_bytes: number }>>;
  readonly cpu_stats: { readonly cpu_usage?: { readonly total_usage: number } };
  readonly memory_stats: { readonly usage?: number; readonly stats?: Readonly<Record<string, number>> };
  readonly blkio_stats: {
    readonly io_service_bytes_recursive?: readonly BlockIo[] | null;
    readonly io_serviced_recursive?: readonly BlockIo[] | null;
  };
}

export interface BlockIo {
  readonly op: string;
  readonly value: number;
}

/** Credentials for a registry, sent with one request and stored nowhere. */
export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
  readonly serveraddress: string;
}
