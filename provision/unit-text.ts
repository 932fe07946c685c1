/** A systemd unit as data: sections of settings; a list gives the setting several times. */
export type UnitSections = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** The text of a unit file, or of a drop-in for one. */
export function unitText(sections: UnitSections): string {
  const texts = Object.entries(sections).map(([section, settings]) => {
    const lines = Object.entries(settings).flatMap(([key, value]) => [value].flat().map((each) => `${key}=${each}`));
    return [`[${section}]`, ...lines].join('\n');
  });
  return `${texts.join('\n\n')}\n`;
}

/**
 * A value for `ExecStartPost`: the unit counts as started when its port takes connections, for programs that do not
 * tell systemd themselves. The unit's own time limit applies. It waits by what bash has itself, for a socket on which
 * nothing comes: a process each time would take of the processor what the machine needs to start.
 */
export function untilPortListens(port: number): string {
  return `/bin/bash -c 'exec 3<>/dev/udp/127.0.0.1/9; until : </dev/tcp/127.0.0.1/${port}; do read -rt 0.01 -u 3 || :; done 2>/dev/null'`;
}
