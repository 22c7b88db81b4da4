// The whole suite, or the tests named behind it, on another Node: npm run test:node -- 26 [test/unit …]
import { spawnSync } from 'node:child_process'
import { nodeOf } from './node-of.mjs'

const [wanted = '', ...tests] = process.argv.slice(2)
const { file, version, env } = nodeOf(wanted)
console.log(`on Node ${version}`)
// the runner, its workers and what they start (`process.execPath`, or `node` by the path) are all this one
const { status } = spawnSync(file, ['node_modules/vitest/vitest.mjs', 'run', ...tests], { env, stdio: 'inherit' })
process.exitCode = status ?? 1
