/**
 * Stands for the data of an error where no error has happened: whatever is read of it, however deep, prints as the
 * name of the first field in angle brackets, so that the sentences of a catalogue can be shown with their gaps.
 */
export function placeholders<Data extends object>(): Data {
  return new Proxy({}, { get: (_, field) => placeholder(String(field)) }) as Data;
}

function placeholder(name: string): unknown {
  const text = `<${name}>`;
  const itself = (): unknown => placeholder(name);
  return new Proxy(itself, {
    get(_, property) {
      if (property === Symbol.toPrimitive || property === 'toString' || property === 'valueOf') return () => text;
      if (property === Symbol.iterator) return () => [text].values();
      return placeholder(name);
    },
  });
}
