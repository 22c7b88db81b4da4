export default {
  mode: 'production',
  target: 'node20',
  entry: './main.mjs',
  experiments: { outputModule: true },
  output: { filename: 'main.mjs', path: `${import.meta.dirname}/out`, module: true, chunkFormat: 'module' },
  // the driver of SQLite is found from where the bundle is, by Node itself
  module: { parser: { javascript: { importMeta: false, createRequire: false } } }
}
