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
