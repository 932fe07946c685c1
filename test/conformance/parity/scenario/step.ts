/** What a scenario is made of: calls whose answers are recorded, and waits for what follows from them. */
import { findText, type XmlElement } from '../../../../src/opennebula/xml.ts';
import type { XmlRpcValue } from '../../../../src/opennebula/xmlrpc.ts';

export type ScenarioStep = CallStep | WaitStep;

export interface CallStep {
  readonly label: string;
  readonly method: string;
  readonly args: readonly XmlRpcValue[];
  /** Of another user than oneadmin. */
  readonly session?: string;
}

export interface WaitStep {
  /** Not recorded when there is none. */
  readonly label?: string;
  readonly method: string;
  readonly id: number;
  /** What is recorded of the document. */
  readonly read: (document: XmlElement) => number | number[];
  readonly isReached: (document: XmlElement) => boolean;
}

export function call(label: string, method: string, ...args: XmlRpcValue[]): CallStep {
  return { label, method, args };
}

export function callAs(session: string, label: string, method: string, ...args: XmlRpcValue[]): CallStep {
  return { label, method, args, session };
}

export function waitForState(label: string, method: string, id: number, state: number): WaitStep {
  const read = (document: XmlElement) => numberAt(document, 'STATE');
  return { label, method, id, read, isReached: (document) => read(document) === state };
}

export function waitForVm(label: string, id: number, state: number, lcmState: number): WaitStep {
  const read = (document: XmlElement) => [numberAt(document, 'STATE'), numberAt(document, 'LCM_STATE')];
  return {
    label,
    method: 'one.vm.info',
    id,
    read,
    isReached: (document) => `${read(document)}` === `${[state, lcmState]}`,
  };
}

/** A datastore that was never monitored has no room. */
export function waitForSpace(id: number): WaitStep {
  const read = (document: XmlElement) => numberAt(document, 'FREE_MB');
  return { method: 'one.datastore.info', id, read, isReached: (document) => read(document) > 0 };
}

function numberAt(document: XmlElement, path: string): number {
  return Number(findText(document, path));
}
