import { defineConfig } from 'vitest/config'

/** The tests of the page in a real browser: npm run test:web. */
export default defineConfig({
  test: {
    include: ['test/web/browser/**/*.test.ts'],
    pool: 'forks',
    // A browser each, beside a server each.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 10_000 } },
  },
})
