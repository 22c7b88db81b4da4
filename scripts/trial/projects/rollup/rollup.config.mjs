import commonjs from '@rollup/plugin-commonjs'
import nodeResolve from '@rollup/plugin-node-resolve'

export default {
  input: 'main.mjs',
  output: { file: 'out/main.mjs', inlineDynamicImports: true },
  plugins: [nodeResolve({ exportConditions: ['node'], preferBuiltins: true }), commonjs()]
}
