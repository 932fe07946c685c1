import { resource } from '../resource.ts';

export const template = resource('VMTEMPLATE', 'template', 'template', 'templateid');
