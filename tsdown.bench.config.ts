import { defineConfig } from 'tsdown'

/** One file for `npm run bench`: Node 20 cannot run TypeScript, and the built package has no benchmarks in it. */
export default defineConfig({
  entry: ['bench/main.ts', 'bench/eventstoredb-server.ts', 'bench/contender-process.ts'],
  outDir: '.tmp/bench',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: false,
  sourcemap: true,
  fixedExtension: false,
  logLevel: 'warn'
})
