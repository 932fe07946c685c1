import { resource } from '../resource.ts';

export const vrouter = resource('VROUTER', 'vrouter', 'virtual router', 'vrouterid');
