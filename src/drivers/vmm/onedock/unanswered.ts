import type { Context } from './services.ts';

/** @param said  by the helper about NICs: those of METHOD=dhcp that no server has answered yet */
export function tellUnanswered(said: string, log: Context['log']): void {
  for (const [, target] of said.matchAll(/^unanswered (\S+)$/gm))
    log('warning', `No DHCP server has answered NIC ${target} yet; it goes on asking.`);
}
