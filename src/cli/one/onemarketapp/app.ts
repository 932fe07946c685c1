import { resource } from '../resource.ts';

export const app = resource('MARKETPLACEAPP', 'marketapp', 'marketplace app', 'appid');
