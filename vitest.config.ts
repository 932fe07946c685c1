import { defineConfig } from 'vitest/config';
import { PATIENCE } from './test/support/patience.ts';

/** A machine that does other work as well takes its time; a test that fails is no slower for it where it fails by a fact. */
const expect = { poll: { timeout: 20_000 * PATIENCE } };

/** Vitest would leave one processor to itself; the tests wait more than they compute. */
const maxWorkers = '100%';

/** Unit tests touch nothing outside the process; the others use real services and say what they skip, and why. */
export default defineConfig({
  test: {
    reporters: ['default', './test/support/tell-why.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          testTimeout: 120_000 * PATIENCE,
          hookTimeout: 120_000 * PATIENCE,
          maxWorkers,
          expect,
        },
      },
      {
        test: {
          name: 'contract',
          include: ['test/contract/**/*.test.ts'],
          testTimeout: 300_000 * PATIENCE,
          hookTimeout: 600_000 * PATIENCE,
          maxWorkers,
          expect,
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          testTimeout: 300_000 * PATIENCE,
          hookTimeout: 600_000 * PATIENCE,
          maxWorkers,
          expect,
        },
      },
      {
        test: {
          name: 'system',
          include: ['test/system/**/*.test.ts'],
          testTimeout: 600_000 * PATIENCE,
          hookTimeout: 900_000 * PATIENCE,
          expect,
          fileParallelism: false,
        },
      },
    ],
  },
});
