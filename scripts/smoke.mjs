// Packs what was built, installs it as a user would, and goes through all its doors on each Node: npm run smoke [-- 26]
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { nodeOf, pinned } from './node-of.mjs'

const root = resolve(import.meta.dirname, '..')
const report = join(root, '.tmp/smoke-report.json')
const { devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const peers = ['fp-ts', 'io-ts', 'libsql', '@eventstore/db-client', '@opentelemetry/api'].map(
  (name) => `${name}@${devDependencies[name]}`
)

const doors = ['ledger.mjs', 'contract.mjs', 'projections.mjs', 'command.mjs', 'required.cjs']

const npm = (cwd, ...args) => execFileSync('npm', [...args, '--ignore-scripts', '--loglevel=error'], { cwd })

const installInto = (app) => {
  const [{ filename }] = JSON.parse(npm(root, 'pack', '--json', '--pack-destination', app))
  writeFileSync(join(app, 'package.json'), '{ "name": "app", "private": true }')
  npm(app, 'install', join(app, filename), ...peers, '--prefer-offline', '--no-audit', '--no-fund')
  cpSync(join(root, 'test/smoke'), app, { recursive: true })
  // the certificate of the tests stands in a module that Node 20 cannot load
  const module = readFileSync(join(root, 'test/unit/adapters/eventstoredb/certificate.ts'), 'utf8')
  for (const name of ['certificate', 'privateKey']) {
    const [, pem = ''] = new RegExp(`export const ${name} = \`([^\`]+)\``).exec(module) ?? []
    writeFileSync(join(app, `${name}.pem`), pem)
  }
}

const countIn = (text, what) => Number(new RegExp(`^# ${what} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)

/** One program: what Node's own runner counted. One that ran nothing, or did not end well, has failed. */
const run = (app, door, { file, version, env }) => {
  const how = { cwd: app, env: { ...env, SMOKE_NODE: version }, encoding: 'utf8', timeout: 300_000 }
  const { stdout, stderr, status } = spawnSync(file, ['--test-reporter=tap', door], how)
  const passed = countIn(stdout, 'pass')
  const failed = Math.max(countIn(stdout, 'fail'), status === 0 && passed > 0 ? 0 : 1)
  if (failed > 0) process.stderr.write(`${stdout}${stderr}`)
  return { passed, failed }
}

const runAll = (app, node) => {
  const runs = doors.map((door) => run(app, door, node))
  const [passed, failed] = ['passed', 'failed'].map((what) => runs.reduce((sum, one) => sum + one[what], 0))
  console.log(`Node ${node.version}: ${passed} passed, ${failed} failed`)
  return { version: node.version, passed, failed }
}

const app = mkdtempSync(join(tmpdir(), 'keyfold-smoke-'))
try {
  installInto(app)
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(pinned)
  const runs = wanted.map((one) => runAll(app, nodeOf(one)))
  mkdirSync(join(root, '.tmp'), { recursive: true })
  writeFileSync(report, JSON.stringify(runs))
  process.exitCode = runs.some(({ failed }) => failed > 0) ? 1 : 0
} finally {
  rmSync(app, { recursive: true, force: true })
}
