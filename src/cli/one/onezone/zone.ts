import { resource } from '../resource.ts';

export const zone = resource('ZONE', 'zone', 'zone', 'zoneid');
