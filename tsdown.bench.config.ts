import { defineConfig } from 'tsdown'

/** One file for `npm run bench`: Node 20 cannot run TypeScript, and the built package has no benchmarks in it. */
export default defineConfig({
  entry: {
    main: 'bench/main.ts',
    'eventstoredb-server': 'bench/eventstoredb-server.ts',
    'contender-process': 'bench/contender-process.ts',
    'paced-writer': 'bench/projections/paced-writer.ts',
    'writer-thread': 'src/adapters/sqlite/worker/writer-thread.ts'
  },
  outDir: '.tmp/bench',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: false,
  sourcemap: true,
  fixedExtension: false,
  logLevel: 'warn'
})
