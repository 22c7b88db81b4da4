import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expected } from './example.mjs'

const quietly = ['--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']

/** Nothing that is installed or run may take longer, ms. */
const patience = 180_000

const run = (cwd, [command, ...args], env = {}) => {
  const how = { cwd, env: { ...process.env, ...env }, encoding: 'utf8', timeout: patience, maxBuffer: 64 * 1024 * 1024 }
  const { status, stdout, stderr, error } = spawnSync(command, args, how)
  return { ok: status === 0, stdout, told: `${stdout}${stderr}${error === undefined ? '' : error.message}` }
}

const firstLine = (text) =>
  text.split('\n').find((line) => /error|failed|cannot/i.test(line)) ?? text.trim().slice(0, 200)

/** Installs a row's packages; with another manager that one is had from npm first, and installs the rest. */
const install = (folder, { packages = [], manager }, own) => {
  if (manager === undefined) return run(folder, ['npm', 'install', ...quietly, ...own, ...packages])
  const tool = join(folder, 'tool')
  mkdirSync(tool)
  const had = run(tool, ['npm', 'install', '--prefix', tool, ...quietly, ...packages])
  return had.ok ? run(folder, [join(tool, 'node_modules/.bin', manager), 'add', '--ignore-scripts', ...own]) : had
}

/** The versions that were had of what a row is about, as far as they can be told. */
const versionsOf = (folder, { packages = [], manager }) =>
  packages.map((wanted) => {
    const name = wanted.replace(/(?<=.)@.*/, '')
    const at = join(folder, manager === undefined ? '' : 'tool', 'node_modules', name, 'package.json')
    return `${name} ${JSON.parse(readFileSync(at, 'utf8')).version}`
  })

/** Tries one row in a fresh folder: `runs`, `fails`, or `not run` where the registry does not give what it needs. */
export const tried = (row, own) => {
  const folder = mkdtempSync(join(tmpdir(), 'keyfold-trial-'))
  try {
    writeFileSync(join(folder, 'package.json'), '{ "name": "app", "private": true, "type": "module" }')
    const installed = install(folder, row, own)
    if (!installed.ok) return { came: 'not run', why: firstLine(installed.told), versions: [] }
    const versions = versionsOf(folder, row)
    if (row.project !== undefined) {
      cpSync(resolve(import.meta.dirname, 'projects', row.project), folder, { recursive: true })
    }
    for (const [name, text] of Object.entries(row.files)) writeFileSync(join(folder, name), text)
    for (const [index, step] of row.steps.entries()) {
      const { ok, stdout, told } = run(folder, step, row.env)
      const judged = index < row.steps.length - 1 || row.judges === true || stdout.trim() === expected
      if (!ok || !judged) return { came: 'fails', why: told.trim().slice(-2000), versions }
    }
    return { came: 'runs', versions }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
