import { resource } from '../resource.ts';

export const hook = resource('HOOK', 'hook', 'hook', 'hookid');
