import { resolve } from 'node:path'
import { defineConfig } from 'vitest/config'

const entry = (name: string) => resolve(import.meta.dirname, 'src', name)

export default defineConfig({
  resolve: {
    // the documentation's examples import the package by its name
    alias: [
      { find: /^keyfold$/, replacement: entry('index.ts') },
      { find: /^keyfold\/testing$/, replacement: entry('testing/index.ts') },
      {
        find: /^keyfold\/(memory|sqlite|eventstoredb|opentelemetry|projections|testing\/eventstoredb)$/,
        replacement: entry('$1.ts')
      }
    ]
  },
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    // two cores, and a good part of the suite waits: for deadlines, elections and other processes
    maxWorkers: 3,
    testTimeout: 30_000,
    reporters: ['default', ['json', { outputFile: '.tmp/test-report.json' }]]
  }
})
