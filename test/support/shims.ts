/** Which shim of a host a VM comes to that starts (`host-files/onedock-shim`). */

/** How many VMs have started there, in a file of the host. */
export const STARTED = '/run/onedock-shims';

interface Host {
  sh(script: string): Promise<string>;
}

/** The next VM joins the group of the one that has started last. */
export function joinLast(host: Host): Promise<string> {
  return host.sh(`echo $(($(cat ${STARTED}) - 1)) >${STARTED}`);
}

/** Does something while the VM that starts next has been told its shim, but has not come to it. */
export async function whileJoining(
  host: Host,
  start: () => Promise<unknown>,
  act: () => Promise<unknown>,
): Promise<void> {
  await host.sh(`cat >/run/shims/containerd-shim-runc-v2 <<'END'
#!/bin/sh
said=$(/usr/bin/containerd-shim-runc-v2 "$@") || exit
case "$*" in *' start') [ ! -e /run/pause ] || { touch /run/paused; while [ -e /run/pause ]; do sleep 0.02; done; } ;; esac
printf %s "$said"
END
chmod 755 /run/shims/containerd-shim-runc-v2; touch /run/pause`);
  const started = start();
  await Promise.race([host.sh('until [ -e /run/paused ]; do sleep 0.02; done'), started]);
  await act();
  await host.sh('rm /run/shims/containerd-shim-runc-v2 /run/pause /run/paused');
  await started;
}
