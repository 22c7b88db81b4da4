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
      ...only('^src/application/', ['^src/(application|domain)/', 'node_modules/(fp-ts|io-ts|lru-cache)/'])
    },
    {
      name: 'requests-see-what-they-submit',
      severity: 'error',
      from: { path: '^src/application/requests/' },
      to: {
        path: '^src/application/(ledger\\.ts|use-cases/|engine/|stream/)',
        pathNot: '^src/application/engine/(submission|engine)\\.ts$'
      }
    },
    {
      name: 'nothing-back-up-to-requests',
      severity: 'error',
      from: { path: '^src/application/(settings\\.ts|ports/|stream/|engine/)' },
      to: { path: '^src/application/(ledger\\.ts|use-cases/|requests/)' }
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
      name: 'terminal-in-one-place',
      severity: 'error',
      from: { path: '^src/', pathNot: '^src/interfaces/cli/' },
      to: { path: 'node_modules/(commander|cli-progress|picocolors)/' }
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
