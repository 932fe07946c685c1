import { cdata, group, text } from '../../src/opennebula/xml.ts';

export interface ImageFields {
  readonly PATH?: string;
  readonly SOURCE?: string;
  readonly TYPE?: number;
  readonly SIZE?: number;
  readonly FORMAT?: string;
  readonly FS?: string;
  readonly TEMPLATE?: Readonly<Record<string, string>>;
}

export interface DatastoreFields {
  readonly BASE_PATH: string;
  readonly TYPE?: number;
  readonly TEMPLATE?: Readonly<Record<string, string>>;
}

/** The document that OpenNebula sends with a datastore action. */
export function datastoreRequest(datastore: DatastoreFields, image?: ImageFields): string {
  const part = (name: string, { TEMPLATE = {}, ...fields }: ImageFields | DatastoreFields) =>
    group(
      name,
      ...Object.entries(fields).map(([key, value]) => text(key, value as string | number)),
      group('TEMPLATE', ...Object.entries(TEMPLATE).map(([key, value]) => cdata(key, value))),
    );
  return group('DS_DRIVER_ACTION_DATA', image ? part('IMAGE', image) : '', part('DATASTORE', datastore));
}
