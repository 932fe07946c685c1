/** Files of VMs on the front-end: context, deployment documents and transfer scripts, as OpenNebula keeps them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../../errors/thrown.ts';

export interface VmFiles {
  /** Resolves when the file is there. */
  write(path: string, text: string): Promise<void>;
}

/** Readable for oneadmin only: contexts hold secrets. */
const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;

export const diskFiles: VmFiles = {
  async write(path, text) {
    try {
      await writeFile(path, text, { mode: FILE_MODE });
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
      await mkdir(dirname(path), { recursive: true, mode: DIRECTORY_MODE });
      await writeFile(path, text, { mode: FILE_MODE });
    }
  },
};

/** For drivers that read no files. */
export const noFiles: VmFiles = { async write() {} };
