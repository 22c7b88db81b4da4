import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { defineConfig } from 'vitest/config'

const entry = (name: string) => resolve(import.meta.dirname, 'src', name)

/**
 * Files share a process, and load the modules once: they cost more than most tests. A file has one of its own that replaces
 * something for the whole process (timers, a context manager), or leaves much in memory (TypeScript's programs).
 */
const alone = [
  'test/{chaos,consumer,load}/**/*.test.ts',
  'test/e2e/package.test.ts',
  'test/unit/composition/timers.test.ts',
  'test/unit/adapters/eventstoredb/fake-timers.test.ts',
  'test/unit/adapters/opentelemetry/**/*.test.ts',
  // a warning that is given once a process, and a module that is replaced
  'test/unit/adapters/sqlite/writer-thread{,-dies}.test.ts',
  'test/unit/application/import-decides-anew.test.ts'
]

/** A thread cannot run TypeScript on Node 20: the stores of the tests start the built program, which is quicker from one file. */
const builtThread = {
  name: 'built-writer-thread',
  enforce: 'pre' as const,
  transform: (code: string, id: string) =>
    id.endsWith('/sqlite/worker/thread.ts')
      ? code.replace(
          'import.meta.url',
          JSON.stringify(pathToFileURL(resolve(import.meta.dirname, 'dist/bin/thread.js')).href)
        )
      : undefined
}

export default defineConfig({
  plugins: [builtThread],
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
    projects: [
      { extends: true, test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: alone, isolate: false } },
      { extends: true, test: { name: 'alone', include: alone } }
    ],
    pool: 'forks',
    // two cores, and a good part of the suite waits: for deadlines, elections and other processes
    maxWorkers: 3,
    // read anew at each start of Node, for a twelfth of a second; nothing here talks to strangers
    env: { NODE_EXTRA_CA_CERTS: '' },
    // what runs side by side in one file waits
    maxConcurrency: 10,
    globalSetup: 'test/support/children.ts',
    // only what hangs is ended: a busy machine gives a test a tenth of a core
    testTimeout: 300_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', ['json', { outputFile: '.tmp/test-report.json' }]]
  }
})
