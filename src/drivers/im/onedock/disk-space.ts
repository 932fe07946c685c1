/** Space of datastores, read from `df`. Pure. */

export interface Space {
  readonly usedMb: number;
  readonly totalMb: number;
  readonly freeMb: number;
}

export const DF = ['df', '--block-size=1M', '--output=file,used,size,avail', '--'] as const;

/** Space by path; paths that do not exist are missing. */
export function readSpace(output: string): Map<string, Space> {
  const lines = output.split('\n').slice(1);
  return new Map(
    lines.flatMap((line) => {
      const [, path, used, total, free] = /^(\S+)\s+(\d+)\s+(\d+)\s+(\d+)$/.exec(line.trim()) ?? [];
      return path === undefined ? [] : [[path, { usedMb: Number(used), totalMb: Number(total), freeMb: Number(free) }]];
    }),
  );
}
