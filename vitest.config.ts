import { defineConfig } from 'vitest/config'

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
          exclude: ['tests/e2e/**'],
          testTimeout: 15_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 180_000,
          // One browser at a time: timings measured on a busy machine say nothing about the course.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
})
