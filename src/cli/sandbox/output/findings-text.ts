import type { Finding } from '../../../errors/finding.ts';

const MARKS: Readonly<Record<Finding['status'], string>> = { ok: '✓', warning: '!', fatal: '✗' };

/** What `doctor` found, a line each, and below what is not well what to do. */
export function findingsText(findings: readonly Finding[]): string {
  const count = (status: Finding['status']) => findings.filter((finding) => finding.status === status).length;
  const verdict =
    count('fatal') > 0
      ? `This machine cannot run a sandbox as it is: ${count('fatal')} of ${findings.length} checks failed.`
      : `This machine can run a sandbox${count('warning') > 0 ? `, with ${count('warning')} warnings` : ''}.`;
  return [...findingLines(findings), '', verdict].join('\n');
}

/** Below what is not well, what to do. */
export function findingLines(findings: readonly Finding[]): string[] {
  return findings.flatMap(({ status, title, cause, code, fix }) =>
    status === 'ok'
      ? [`${MARKS.ok} ${title}: ${cause}`]
      : [`${MARKS[status]} ${title}: ${cause} [${code}]`, `    ${fix}`],
  );
}
