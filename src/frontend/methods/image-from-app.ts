/** Images that are copies of apps of marketplaces (src/rm/api/ImageAPI.cc, FROM_APP, 7.4). */
import type { Template } from '../../opennebula/template.ts';
import type { Datastore } from '../objects/datastore.ts';
import { internal } from './api-error.ts';
import type { Call } from './call.ts';

/**
 * Tells a template where its app lies and what it is.
 * @returns its size in MB as text; undefined when the template names no app. @throws ApiError INTERNAL
 */
export function takeApp({ cloud }: Call, template: Template, datastore: Datastore): string | undefined {
  const id = Number.parseInt(template.get('FROM_APP') ?? '', 10);
  if (Number.isNaN(id)) return undefined;
  const app = cloud.pools.marketapp.get(id);
  if (!app) throw internal('Cannot determine image SIZE.');
  if (!cloud.pools.marketplace.get(app.marketId)) throw internal("Could not get the appliance's market.");
  template
    .set('FROM_APP_NAME', app.name)
    .set('PATH', app.source)
    .set('FORMAT', app.format)
    .set('FROM_APP_MD5', app.md5);
  if (datastore.template.get('DRIVER')) template.delete('DRIVER');
  return String(app.sizeMb);
}
