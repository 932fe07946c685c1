/**
 * The threads of a host's cores, as its NUMA nodes print them: how many VMs share one (VMS_THREAD), and which ones VMs
 * are kept off (ISOLCPUS) (HostShareNode::Core of src/host/HostShareNUMA.cc, 7.4).
 */
import type { Template } from '../../opennebula/template.ts';

/** A core as `coreVector` prints it: `CPUS` names each thread and its VM, -1 for none, -2 where none may be. */
const CORE = /<CPUS><!\[CDATA\[([^\]]*)\]\]><\/CPUS><DEDICATED><!\[CDATA\[NO\]\]><\/DEDICATED><FREE>.*?<\/FREE>/g;

/** The nodes as the host's template has them; the same when it says nothing of threads. */
export function withThreadRules(numaNodesXml: string, template: Template): string {
  const isolated = template.get('ISOLCPUS');
  if (isolated === undefined && !template.has('VMS_THREAD')) return numaNodesXml;
  const vmsThread = vmsThreadOf(template);
  return numaNodesXml.replace(CORE, (_, cpus: string) => {
    const threads = cpus.split(',').map((thread) => (isolated === undefined ? thread : keptOff(thread, isolated)));
    const open = threads.filter((thread) => !thread.endsWith(':-2'));
    const used = open.filter((thread) => !thread.endsWith(':-1')).length;
    const free = Math.max(0, open.length * vmsThread - used);
    return `<CPUS><![CDATA[${threads.join(',')}]]></CPUS><DEDICATED><![CDATA[NO]]></DEDICATED><FREE><![CDATA[${free}]]></FREE>`;
  });
}

/** VMs that share a thread; one by itself. */
export function vmsThreadOf(template: Template): number {
  return Number.parseInt(template.get('VMS_THREAD') ?? '', 10) || 1;
}

/** A thread in use is kept off later, when its VM is gone. */
function keptOff(thread: string, isolated: string): string {
  const [id = '', vm] = thread.split(':');
  if (vm !== '-1' && vm !== '-2') return thread;
  const isKept = isolated.split(',').some((item) => item.trim() === id);
  return `${id}:${isKept ? -2 : -1}`;
}
