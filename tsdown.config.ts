import { defineConfig, type UserConfig } from 'tsdown'
import { commentsAbove } from './scripts/comments-above.ts'
import { packedWebhooks } from './scripts/webhooks.mjs'

/** The modules that `keyfold --help` needs, as far as commands need them too. */
const startsWith =
  /node_modules|src\/domain\/(?:failure|text|parsing\/parsed)\.|src\/interfaces\/cli\/(?:errors\/|input\/intact|stop|shape\/snake-case|terminal\/(?:mode|printable|write)|options\/(?:named-command|shared|store-address|time|duration|values|identity-secret))/

/** The modules of views and reports, which no other command loads. */
const ofViews =
  /src\/(?:application\/projections|domain\/reports\/key-clock|interfaces\/cli\/(?:projections|views|export|shape\/audit|commands\/stuck))/

/** A text beyond Latin 1 is held in two bytes a character, and takes V8 a third more time to parse. */
const inAscii = (code: string): string =>
  code.replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

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

/** With what it needs inside, but for what the package's user has to have. */
const inOneFile: UserConfig = {
  deps: { ...common.deps, alwaysBundle: [/^fp-ts/, /^io-ts/, /^csv-stringify/, /^commander/] },
  // preparse costs by the byte
  minify: { compress: false, mangle: false, codegen: true },
  inputOptions: { ...common.inputOptions, resolve: { mainFields: ['module', 'main'] } }
}

/** The program of a thread stands beside the module that starts it, by itself and in one file: it starts in half the time. */
const thread = (name: string): UserConfig => ({
  ...common,
  ...inOneFile,
  entry: { [name]: 'src/adapters/sqlite/worker/writer-thread.ts' },
  dts: false
})

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
    // no maps of declarations: the sources do not ship
    dts: { sourcemap: false },
    plugins: [
      {
        name: 'comments-above',
        generateBundle: (_, bundle) => {
          for (const chunk of Object.values(bundle))
            if (chunk.type === 'chunk' && chunk.fileName.endsWith('.d.ts')) {
              // it names its map, of which there is none
              chunk.code = commentsAbove(chunk.code).replace(/^\/\/# sourceMappingURL=.*$/m, '')
            }
        }
      }
    ]
  },
  {
    ...common,
    ...inOneFile,
    // in few files: a command starts a quarter sooner
    entry: ['src/bin/keyfold.ts'],
    dts: false,
    plugins: [
      {
        name: 'no-programs-for-subcommands',
        transform: {
          filter: { id: /commander\/lib\/command\.js$/ },
          // loaded by every start, and used for commands that are programs of their own only
          handler: (code) => code.replace("= require('node:child_process')", '= {}')
        }
      },
      {
        name: 'in-ascii-and-with-webhooks',
        generateBundle(_, bundle) {
          for (const chunk of Object.values(bundle)) if (chunk.type === 'chunk') chunk.code = inAscii(chunk.code)
          this.emitFile({ type: 'asset', fileName: 'bin/webhooks.json.br', source: packedWebhooks() })
        }
      }
    ],
    outputOptions: {
      chunkFileNames: 'bin/[name].js',
      codeSplitting: {
        groups: [
          // what help and complaints need; the rest is loaded once a command is named
          { name: 'start', test: startsWith, minShareCount: 2, priority: 3 },
          // in one file: each file that is opened costs what a thousand lines do
          { name: 'work', test: (id) => !ofViews.test(id), minShareCount: 2, priority: 2 },
          { name: 'views', minShareCount: 2, priority: 1 }
        ]
      }
    }
  },
  thread('bin/writer-thread'),
  thread('adapters/sqlite/worker/writer-thread')
])
