import { describe, expect, it } from 'vitest';
import { readSpace } from '../../../../src/drivers/im/onedock/disk-space.ts';
import { ownTraffic, readHostFigures, trafficOfVms, usedCpu } from '../../../../src/drivers/im/onedock/host-figures.ts';

/** `tail --verbose --lines=+1` on the files, Linux 6.1, shortened. */
const OUTPUT = `==> /proc/stat <==
cpu  100 10 50 800 40 0 0 0 30 0
cpu0 50 5 25 400 20 0 0 0 15 0
intr 12 0 0
==> /proc/meminfo <==
MemTotal:       24683656 kB
MemFree:        20000000 kB
MemAvailable:   22683656 kB

==> /proc/cpuinfo <==
processor	: 0
model name	: A Processor @ 2.90GHz
cpu MHz		: 2899.998

processor	: 1
model name	: Another
cpu MHz		: 1000.0

==> /proc/net/dev <==
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:    1000       1    0    0    0     0          0         0     1000       1    0    0    0     0       0          0
  eth0:    5000      10    0    0    0     0          0         0     7000      12    0    0    0     0       0          0
  eth1:     100      10    0    0    0     0          0         0      200      12    0    0    0     0       0          0
 vmbr0:     999       1    0    0    0     0          0         0      999       1    0    0    0     0       0          0
one-5-0:     30       1    0    0    0     0          0         0       40       1    0    0    0     0       0          0
one-5-1:      3       1    0    0    0     0          0         0        4       1    0    0    0     0       0          0
one-55-0:   300       1    0    0    0     0          0         0      400       1    0    0    0     0       0          0
`;

describe('readHostFigures', () => {
  const figures = readHostFigures(OUTPUT);

  it('reads processor and memory', () => {
    expect(figures).toMatchObject({
      cpuModel: 'A Processor @ 2.90GHz',
      cpuMhz: 2900,
      memoryTotalKb: 24683656,
      memoryAvailableKb: 22683656,
    });
  });

  it('counts neither idling nor waiting as busy', () => {
    expect(figures.ticks).toEqual({ all: 1000, busy: 160 });
  });

  it("counts the machine's own cards once", () => {
    expect(ownTraffic(figures.devices)).toEqual({ received: 5100, sent: 7200 });
  });

  it('sees the traffic of VMs from their side, over all their cables', () => {
    expect(trafficOfVms(figures.devices)).toEqual(
      new Map([
        [5, { received: 44, sent: 33 }],
        [55, { received: 400, sent: 300 }],
      ]),
    );
  });
});

describe('usedCpu', () => {
  const at = (busy: number, all: number) => ({ ...readHostFigures(OUTPUT), ticks: { busy, all } });

  it('is the share between two looks, 100 for each processor', () => {
    expect(usedCpu(at(150, 1100), at(100, 1000), 200)).toBe(100);
  });

  it('is that since the start when there was no look before', () => {
    expect(usedCpu(at(100, 1000), undefined, 400)).toBe(40);
  });

  it('is nothing when no time has passed', () => {
    expect(usedCpu(at(100, 1000), at(100, 1000), 400)).toBe(0);
  });
});

it('readSpace reads df, whatever is missing', () => {
  const output = 'File                        Used 1M-blocks Avail\n/var/lib/one/datastores    13000    250000 80000\n';
  expect(readSpace(output)).toEqual(
    new Map([['/var/lib/one/datastores', { usedMb: 13000, totalMb: 250000, freeMb: 80000 }]]),
  );
  expect(readSpace('')).toEqual(new Map());
});
