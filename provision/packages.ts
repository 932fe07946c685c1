/** Debian's packages for each provisioning step. One table, so that a layer can hold those of all. */
export const PACKAGES = {
  base: ['openssh-server', 'sudo', 'ca-certificates', 'curl', 'iproute2', 'iputils-ping', 'procps'],
  dockerEngine: ['docker.io'],
  dockerHost: ['busybox-static', 'dosfstools', 'e2fsprogs', 'nftables', 'util-linux', 'xfsprogs'],
  registry: ['docker-registry'],
  frontEnd: ['skopeo', 'openssh-client', 'dosfstools', 'e2fsprogs', 'xfsprogs'],
} as const satisfies Record<string, readonly string[]>;
