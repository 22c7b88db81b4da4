import { defineConfig } from 'tsdown'

/** The programs that tests start as processes of their own: all at once, and with what every one of them loads inside. */
export default defineConfig({
  entry: ['test/**/*-child.ts', 'test/chaos/main.ts', 'bench/contender-process.ts'],
  root: '.',
  deps: { alwaysBundle: [/^fp-ts/, /^io-ts/] },
  inputOptions: { resolve: { mainFields: ['module', 'main'] }, checks: { pluginTimings: false } },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: false,
  clean: false,
  logLevel: 'error'
})
