import { defineConfig } from 'vitest/config'

/** Tests that count what the browser's main thread or memory takes: another beside them would be counted too. */
const ALONE = ['tests/e2e/inspector-load.test.ts', 'tests/e2e/inspector-patterns.test.ts']

const BROWSER_TESTS = {
  testTimeout: 60_000,
  hookTimeout: 180_000,
  // A poll waits for what is to come; how long that takes is measured in `bench/`.
  expect: { poll: { timeout: 20_000 } },
}

export default defineConfig({
  test: {
    environment: 'node',
    // On CI a forgotten `.only` fails the run; a test without an assertion always does.
    allowOnly: !process.env['CI'],
    expect: { requireAssertions: true },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/**/*.test.ts'],
          exclude: ['tests/e2e/**', 'tests/deploy/**'],
          testTimeout: 15_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          ...BROWSER_TESTS,
          name: 'e2e',
          // Those of `deploy/` build the site and drive a browser as well.
          include: ['tests/{e2e,deploy}/**/*.test.ts'],
          exclude: ALONE,
          // Pages wait more than they work; more at once would wait for each other.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          ...BROWSER_TESTS,
          name: 'e2e alone',
          include: ALONE,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
