import { defineConfig, type UserConfig } from 'tsdown'

/** With what every one of them loads inside. */
const common: UserConfig = {
  root: '.',
  deps: { alwaysBundle: [/^fp-ts/, /^io-ts/] },
  inputOptions: { resolve: { mainFields: ['module', 'main'] }, checks: { pluginTimings: false } },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  dts: false,
  clean: false,
  logLevel: 'error'
}

/** Those that are started most often, each in one file: it begins in a fifth less time than in thirty. */
const often = ['log', 'migration', 'store', 'writer'].map((name) => `test/process/${name}-child.ts`)

/** The programs that tests start as processes of their own, all at once. */
export default defineConfig([
  {
    ...common,
    entry: [
      'test/**/*-child.ts',
      'test/chaos/main.ts',
      'bench/contender-process.ts',
      ...often.map((program) => `!${program}`)
    ]
  },
  ...often.map(
    (program): UserConfig => ({
      ...common,
      entry: [program],
      minify: { compress: false, mangle: false, codegen: true },
      outputOptions: { codeSplitting: false }
    })
  )
])
