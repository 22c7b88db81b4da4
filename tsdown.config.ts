import { defineConfig, type UserConfig } from 'tsdown'

const common: UserConfig = {
  // what the EventStoreDB client brings with it: loaded from beside it, named in types only
  deps: { neverBundle: [/^@grpc\//, /^google-protobuf/, /^@eventstore\//] },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  root: 'src',
  sourcemap: true,
  fixedExtension: false,
  // `npm start` and `npm test` build first: what they are about must not drown in a list of files
  logLevel: 'warn',
  inputOptions: { checks: { pluginTimings: false } }
}

export default defineConfig([
  {
    ...common,
    entry: [
      'src/index.ts',
      'src/memory.ts',
      'src/sqlite.ts',
      'src/eventstoredb.ts',
      'src/opentelemetry.ts',
      'src/projections.ts',
      'src/testing/index.ts',
      'src/testing/eventstoredb.ts'
    ],
    unbundle: true,
    dts: true
  },
  {
    ...common,
    // in few files: a command starts a quarter sooner
    entry: ['src/bin/keyfold.ts'],
    dts: false,
    outputOptions: { chunkFileNames: 'bin/[name].js' }
  }
])
