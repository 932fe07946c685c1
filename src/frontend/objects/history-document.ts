/** A history record as documents show it (src/vm/History.cc, 7.4). */
import { HISTORY_ACTION } from '../../opennebula/history-actions.ts';
import { cdata, group, text } from '../../opennebula/xml.ts';
import type { HistoryRecord } from './vm.ts';

/** @param form pools show less */
export function historyXml(vmId: number, record: HistoryRecord, form: 'whole' | 'short' = 'whole', extra = ''): string {
  const body = form === 'whole' ? wholeBody(record) : shortBody(record);
  return group('HISTORY', text('OID', vmId), body, extra);
}

function wholeBody(record: HistoryRecord): string {
  return [
    text('SEQ', record.seq),
    text('HOSTNAME', record.hostName),
    text('HID', record.hostId),
    text('CID', record.clusterId),
    text('STIME', record.startedAt),
    text('ETIME', record.endedAt),
    cdata('VM_MAD', record.vmMad),
    cdata('TM_MAD', record.tmMad),
    text('DS_ID', record.datastoreId),
    text('PLAN_ID', record.planId),
    text('ACTION_ID', record.planActionId),
    text('PSTIME', record.prologStartedAt),
    text('PETIME', record.prologEndedAt),
    text('RSTIME', record.runStartedAt),
    text('RETIME', record.runEndedAt),
    text('ESTIME', record.epilogStartedAt),
    text('EETIME', record.epilogEndedAt),
    text('ACTION', HISTORY_ACTION[record.action]),
    text('UID', record.actor?.uid ?? -1),
    text('GID', record.actor?.gid ?? -1),
    text('REQUEST_ID', record.actor?.requestId ?? -1),
  ].join('');
}

function shortBody(record: HistoryRecord): string {
  return [
    text('SEQ', record.seq),
    cdata('HOSTNAME', record.hostName),
    text('HID', record.hostId),
    text('CID', record.clusterId),
    text('DS_ID', record.datastoreId),
    cdata('VM_MAD', record.vmMad),
    cdata('TM_MAD', record.tmMad),
    cdata('ACTION', HISTORY_ACTION[record.action]),
  ].join('');
}
