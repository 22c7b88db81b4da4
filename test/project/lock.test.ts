import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { read } from '../support/documents.ts'
import { temporaryFile } from '../support/temporary-file.ts'

type Entry = Readonly<Record<string, unknown>>

const check = (file: string) => {
  const { status, stderr } = spawnSync(process.execPath, ['scripts/check-lock.mjs', file], { encoding: 'utf8' })
  return { status, faults: stderr.split('\n').filter((line) => line.startsWith('node_modules/')) }
}

/** The project's lock file with one entry changed. */
const lockWith = (over: Entry): string => {
  const lock = JSON.parse(read('package-lock.json'))
  const name = 'node_modules/fp-ts'
  // what is undefined is left out
  lock.packages[name] = { ...lock.packages[name], ...over }
  const file = temporaryFile('package-lock.json')
  writeFileSync(file, JSON.stringify(lock))
  return file
}

it.each(['package-lock.json', 'bench/peers/package-lock.json'])(
  '%s holds every package to its digest, for every platform',
  (file) => expect(check(file)).toEqual({ status: 0, faults: [] })
)

it('what keyfold is measured beside is no dependency of it, and none of it brings a script', () => {
  const { packages } = JSON.parse(read('bench/peers/package-lock.json'))
  const ours = Object.keys(JSON.parse(read('package-lock.json')).packages)
  for (const name of Object.keys(packages[''].dependencies)) expect(ours).not.toContain(`node_modules/${name}`)
  for (const entry of Object.values<Entry>(packages)) expect(entry).not.toHaveProperty('hasInstallScript')
})

it.each([
  ['has no digest', { integrity: undefined }, 'has no digest'],
  ['has a weak one', { integrity: 'sha1-AAAAAAAAAAAAAAAAAAAAAAAAAAA=' }, 'has no SHA-512 digest'],
  ['has a weak one beside a strong one', { integrity: `sha1-AA= sha512-${'A'.repeat(86)}==` }, 'has no SHA-512 digest'],
  ['comes from an address', { resolved: 'git+ssh://somewhere/fp-ts.git#1' }, 'has an address of its own'],
  ['is a folder', { link: true }, 'is a link to a folder']
])('a lock file is refused in which a package %s', (_, over, fault) =>
  expect(check(lockWith(over))).toEqual({ status: 1, faults: [`node_modules/fp-ts ${fault}`] })
)

it('a lock file without entries is no lock file', () => {
  const file = temporaryFile('package-lock.json')
  writeFileSync(file, '{}')
  expect(check(file)).toMatchObject({ status: 1 })
})
