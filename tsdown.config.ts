import { defineConfig } from 'tsdown'

export default defineConfig({
  entry: [
    'src/index.ts',
    'src/memory.ts',
    'src/sqlite.ts',
    'src/eventstoredb.ts',
    'src/testing/index.ts',
    'src/testing/eventstoredb.ts',
    'src/bin/keyfold.ts'
  ],
  // what the EventStoreDB client brings with it: loaded from beside it, named in types only
  deps: { neverBundle: [/^@grpc\//, /^google-protobuf/, /^@eventstore\//] },
  format: 'esm',
  platform: 'node',
  target: 'node20',
  unbundle: true,
  root: 'src',
  dts: true,
  sourcemap: true,
  fixedExtension: false,
  // `npm start` and `npm test` build first: what they are about must not drown in a list of files
  logLevel: 'warn',
  inputOptions: { checks: { pluginTimings: false } }
})
