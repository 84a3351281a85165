import { defineConfig } from 'vitest/config'

/** The tests of the page in a real browser: npm run test:web. */
export default defineConfig({
  test: {
    include: ['test/web/browser/**/*.test.ts'],
    pool: 'forks',
    // A browser each, beside a server each.
    maxWorkers: 2,
    // Waiting for long costs nothing where what is waited for comes; the machine may be busy.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000 } },
  },
})
