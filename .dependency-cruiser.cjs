/** One line of arrows: each place sees those after it, and none before it. */
const oneLine = (folder, places) =>
  places.slice(1).map((place, index) => {
    const before = places
      .slice(0, index + 1)
      .flat()
      .join('|')
    const names = [place].flat()
    return {
      name: `${folder.replace('src/', '')}-${names[0].replace('.ts', '')}-not-back-up`,
      severity: 'error',
      from: { path: `^${folder}/(${names.join('|')})(/|$)` },
      to: { path: `^${folder}/(${before})(/|$)` }
    }
  })

const application = [
  ['effects', 'projections'],
  'ledger.ts',
  'use-cases',
  'requests',
  'engine',
  'stream',
  'settings.ts',
  'ports'
]
const engine = ['engine.ts', 'transact', 'engine-state.ts', 'counts', 'queue', ['watch', 'submission.ts']]
const eventstoredb = ['event-store.ts', 'store-options.ts', ['append', 'subscribe'], 'read', 'calls', 'client']

const only = (from, allowed) => ({ from: { path: from }, to: { pathNot: allowed } })

/** The layers (CONTRIBUTING.md): interfaces → application → domain; adapters → ports and domain; composition sees all. */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'domain-is-pure',
      severity: 'error',
      ...only('^src/domain/', ['^src/domain/', 'node_modules/(fp-ts|io-ts)/'])
    },
    {
      name: 'application-not-outward',
      severity: 'error',
      ...only('^src/application/', ['^src/(application|domain)/', 'node_modules/(fp-ts|io-ts)/'])
    },
    ...oneLine('src/application', application),
    ...oneLine('src/application/engine', engine),
    ...oneLine('src/adapters/eventstoredb', eventstoredb),
    {
      name: 'requests-see-what-they-submit',
      severity: 'error',
      from: { path: '^src/application/requests/' },
      to: { path: '^src/application/engine/', pathNot: '^src/application/engine/(engine|submission)\\.ts$' }
    },
    {
      name: 'effects-see-a-ledger-from-outside',
      severity: 'error',
      from: { path: '^src/application/effects/' },
      to: { path: '^src/application/(use-cases|engine|stream|settings\\.ts)' }
    },
    {
      name: 'stores-see-no-other-store',
      severity: 'error',
      from: { path: '^src/adapters/(memory|sqlite|eventstoredb)/' },
      to: { path: '^src/adapters/(memory|sqlite|eventstoredb|opentelemetry)/', pathNot: '^src/adapters/$1/' }
    },
    {
      name: 'a-threads-program-is-imported-by-none',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^src/adapters/sqlite/worker/writer-thread\\.ts$' }
    },
    {
      name: 'a-threads-program-sees-what-writes',
      severity: 'error',
      from: { path: '^src/adapters/sqlite/worker/writer-thread\\.ts$' },
      to: { path: '^src/adapters/sqlite/(event-store|store-on|group-commit|append-queue|reader|worker/threads?)\\.ts$' }
    },
    {
      name: 'what-stores-share-sees-no-store',
      severity: 'error',
      ...only('^src/adapters/common/', [
        '^src/adapters/(common|node)/',
        '^src/application/ports/',
        '^src/domain/',
        'node_modules/fp-ts/'
      ])
    },
    {
      name: 'appending-and-subscribing-apart',
      severity: 'error',
      from: { path: '^src/adapters/eventstoredb/(append|subscribe)/' },
      to: { path: '^src/adapters/eventstoredb/(append|subscribe)/', pathNot: '^src/adapters/eventstoredb/$1/' }
    },
    {
      name: 'adapters-see-ports-and-domain',
      severity: 'error',
      from: { path: '^src/adapters/' },
      to: { path: '^src/', pathNot: ['^src/(adapters|domain)/', '^src/application/ports/'] }
    },
    {
      name: 'interfaces-not-adapters',
      severity: 'error',
      from: { path: '^src/interfaces/' },
      to: { path: '^src/(adapters|composition)/' }
    },
    {
      name: 'driver-in-one-place',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/sqlite/' },
      to: { path: 'node_modules/libsql/' }
    },
    {
      name: 'eventstoredb-client-in-one-place',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/(adapters/eventstoredb|testing/eventstoredb-stand-in)/' },
      to: { path: 'node_modules/(@eventstore|@grpc|google-protobuf)/' }
    },
    {
      name: 'opentelemetry-in-one-place',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/opentelemetry/' },
      to: { path: 'node_modules/@opentelemetry/' }
    },
    {
      name: 'opentelemetry-sees-no-store',
      severity: 'error',
      from: { path: '^src/adapters/opentelemetry/' },
      to: { path: '^src/adapters/', pathNot: '^src/adapters/(opentelemetry|node)/' }
    },
    {
      name: 'terminal-in-one-place',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/interfaces/cli/' },
      to: { path: 'node_modules/(commander|cli-progress|picocolors)/' }
    },
    {
      name: 'csv-in-one-place',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/adapters/csv/' },
      to: { path: 'node_modules/csv-' }
    },
    { name: 'src-not-test', severity: 'error', from: { path: '^src/' }, to: { path: '^test/' } }
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types']
    }
  }
}
