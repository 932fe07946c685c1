import { access, constants, mkdir } from 'node:fs/promises';
import { fail } from './errors.ts';

/** Makes the folder in which a front-end keeps everything, unless it is there. @throws FRONTEND_FOLDER_UNUSABLE */
export async function ensureDataFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw fail('FRONTEND_FOLDER_UNUSABLE', { path }, error);
  }
}
