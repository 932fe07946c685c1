import { resource } from '../resource.ts';

export const vnet = resource('VNET', 'vn', 'virtual network', 'vnetid');
