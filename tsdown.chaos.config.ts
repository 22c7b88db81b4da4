import { defineConfig } from 'tsdown'

/** One file for `npm run chaos`: Node 20 cannot run TypeScript, and the built package has no tests in it. */
export default defineConfig({
  entry: ['test/chaos/main.ts'],
  outDir: '.tmp/chaos',
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: false,
  sourcemap: true,
  fixedExtension: false,
  logLevel: 'warn'
})
