import { describe, expect, it } from 'vitest';
import { readControlGroups } from '../../../../src/drivers/im/onedock/control-groups.ts';

const ID = 'a1'.repeat(32);
const OTHER = 'b2'.repeat(32);

const VERSION_1 = `cpuacct/docker/${ID}/cpuacct.usage:62000000
memory/docker/${ID}/memory.usage_in_bytes:3072
memory/docker/${ID}/memory.stat:inactive_file 5
memory/docker/${ID}/memory.stat:total_inactive_file 1024
blkio/docker/${ID}/blkio.throttle.io_service_bytes_recursive:8:0 Read 4096
blkio/docker/${ID}/blkio.throttle.io_service_bytes_recursive:8:0 Write 8192
blkio/docker/${ID}/blkio.throttle.io_serviced_recursive:8:0 Read 1
blkio/docker/${ID}/blkio.throttle.io_serviced_recursive:8:0 Write 2
`;
const VERSION_2 = `docker/${ID}/memory.current:3072
docker/${ID}/io.stat:8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0
docker/${ID}/memory.stat:inactive_file 1024
docker/${ID}/cpu.stat:usage_usec 62000
`;

describe('readControlGroups', () => {
  it.each([
    ['1, below docker', VERSION_1, { inactive_file: 5, total_inactive_file: 1024 }, ['Read', 'Write']],
    ['2, below docker', VERSION_2, { inactive_file: 1024 }, ['read', 'write']],
    [
      '2, in scopes of systemd',
      VERSION_2.replaceAll(`docker/${ID}`, `system.slice/docker-${ID}.scope`),
      { inactive_file: 1024 },
      ['read', 'write'],
    ],
  ])('reads version %s', (_, output, inactive, [read, write]) => {
    expect(readControlGroups(output).get(ID)).toEqual({
      cpu_stats: { cpu_usage: { total_usage: 62_000_000 } },
      memory_stats: { usage: 3072, stats: inactive },
      blkio_stats: {
        io_service_bytes_recursive: [
          { op: read, value: 4096 },
          { op: write, value: 8192 },
        ],
        io_serviced_recursive: [
          { op: read, value: 1 },
          { op: write, value: 2 },
        ],
      },
    });
  });

  it('tells containers apart, and leaves out one that went while it was read', () => {
    const output = `${VERSION_1}${VERSION_1.replaceAll(ID, OTHER).replace(/^memory.*usage_in_bytes.*\n/m, '')}`;
    expect([...readControlGroups(output).keys()]).toEqual([ID]);
  });

  it('finds nothing in nothing', () => {
    expect(readControlGroups('').size).toBe(0);
  });
});
