import { commonJs, esModule, typescript } from './example.mjs'

const main = { 'main.mjs': esModule }
const node = (file) => ['node', file]
const bin = (name, ...args) => ['node', name, ...args]

const tsc = (version) => ({
  name: `TypeScript ${version}`,
  packages: [`typescript@${version}`],
  project: 'typescript',
  files: { 'main.ts': typescript },
  steps: [bin('node_modules/typescript/bin/tsc', '-p', '.'), node('out/main.js')]
})

/**
 * What the package is tried with: what is installed beside it, the folder under `projects` that is copied, what else is
 * written, and what is run, in which environment. The last step must say what the example says, or be a test runner that judges it.
 */
export const rows = [
  tsc('5.9'),
  { ...tsc('6'), quick: true },
  tsc('7'),
  { name: 'CommonJS, `require`', files: { 'main.cjs': commonJs }, steps: [node('main.cjs')], quick: true },
  {
    name: 'esbuild',
    packages: ['esbuild@0.28'],
    files: main,
    steps: [
      [
        'node_modules/.bin/esbuild',
        'main.mjs',
        '--bundle',
        '--platform=node',
        '--format=esm',
        '--main-fields=module,main',
        '--outfile=out/main.mjs'
      ],
      node('out/main.mjs')
    ],
    quick: true
  },
  {
    name: 'Rollup',
    packages: ['rollup@4', '@rollup/plugin-node-resolve', '@rollup/plugin-commonjs'],
    project: 'rollup',
    files: main,
    steps: [bin('node_modules/rollup/dist/bin/rollup', '-c'), node('out/main.mjs')]
  },
  {
    name: 'Vite',
    packages: ['vite@8'],
    project: 'vite',
    files: main,
    steps: [bin('node_modules/vite/bin/vite.js', 'build'), node('out/main.js')]
  },
  {
    name: 'webpack',
    packages: ['webpack@5', 'webpack-cli@6'],
    project: 'webpack',
    files: main,
    steps: [bin('node_modules/webpack/bin/webpack.js'), node('out/main.mjs')]
  },
  {
    name: 'Next, a route handler',
    packages: ['next@16', 'react@19', 'react-dom@19'],
    project: 'next',
    files: main,
    env: { NEXT_TELEMETRY_DISABLED: '1' },
    steps: [bin('node_modules/next/dist/bin/next', 'build'), node('ask.mjs')]
  },
  {
    name: 'Vitest',
    packages: ['vitest@4'],
    project: 'vitest',
    files: main,
    steps: [bin('node_modules/vitest/vitest.mjs', 'run')],
    judges: true
  },
  {
    name: 'Jest, ES modules',
    packages: ['jest@30'],
    project: 'jest-esm',
    files: main,
    steps: [bin('--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--config', 'jest.config.json')],
    judges: true
  },
  {
    name: 'Jest, CommonJS',
    packages: ['jest@30'],
    project: 'jest-commonjs',
    files: main,
    steps: [bin('--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--config', 'jest.config.json')],
    judges: true
  },
  { name: 'pnpm', packages: ['pnpm@10'], files: main, steps: [node('main.mjs')], manager: 'pnpm' }
]
