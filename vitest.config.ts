import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // They need Chromium and the built page: npm run test:web.
    exclude: ['test/web/browser/**'],
    // TensorFlow and hnswlib are native and process-wide: a process per file keeps them apart.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
