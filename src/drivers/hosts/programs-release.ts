/** Whether the programs on a host are those that the drivers were written with. */
import { OnedockError } from '../../errors/onedock-error.ts';
import { programsRelease } from '../host-programs.ts';

export interface Releases {
  /** Of the host's programs; empty where they are from before they told it. */
  readonly found: string;
  /** Of those that the drivers were written with. */
  readonly wanted: string;
}

/**
 * Both releases where they differ.
 * @param ask  calls the verb `release` of the host's helper; a helper without that verb fails
 */
export async function findOtherRelease(ask: () => Promise<string>): Promise<Releases | undefined> {
  const [answer, wanted] = await Promise.all([ask().catch(noSuchVerb), programsRelease()]);
  const found = answer.trim();
  return found === wanted ? undefined : { found, wanted };
}

function noSuchVerb(error: unknown): string {
  if (error instanceof OnedockError && error.code === 'HELPER_FAILED') return '';
  throw error;
}
