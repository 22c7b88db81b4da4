import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { driverFault } from '../../adapters/sqlite/connection.ts'
import { isMembers } from '../../domain/parsing/values.ts'
import type { Check } from '../../interfaces/cli/deps.ts'
import { fail, ok } from './check.ts'

const least = [20, 19] as const

const node = (): Check => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNew = major > least[0] || (major === least[0] && minor >= least[1])
  const found = `${process.versions.node} on ${process.platform} ${process.arch}`
  return isNew ? ok('node', found) : fail('node', found, `run keyfold with Node ${least.join('.')} or later`)
}

/** How many folders above the file that a package begins with are looked through for its own package.json. */
const mostUp = 8

/** The package.json of a package, from the file that it begins with upwards: its `exports` may not let it be asked for. */
const ownPackage = (name: string): unknown => {
  const require = createRequire(import.meta.url)
  let folder = dirname(require.resolve(name))
  for (let up = 0; up < mostUp; up++) {
    const file = join(folder, 'package.json')
    const found: unknown = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
    if (isMembers(found) && found['name'] === name) return found
    folder = dirname(folder)
  }
  return undefined
}

/** The version of a package as it is installed beside this program. */
const versionOf = (name: string): string | undefined => {
  try {
    const found = ownPackage(name)
    return isMembers(found) && typeof found['version'] === 'string' ? found['version'] : undefined
  } catch {
    return undefined
  }
}

const driver = (): Check => {
  const fault = driverFault()
  return fault === undefined
    ? ok('driver', `libsql ${versionOf('libsql') ?? 'of an unknown version'}`)
    : fail('driver', fault.message, 'npm install libsql beside keyfold, on this very platform')
}

const client = (): Check => {
  const version = versionOf('@eventstore/db-client')
  return version === undefined
    ? fail('client', '@eventstore/db-client is not installed', 'npm install @eventstore/db-client beside keyfold')
    : ok('client', `@eventstore/db-client ${version}`)
}

/** What runs here, as far as the store at an address needs it. */
export const versions = (own: string, store: string): ReadonlyArray<Check> => [
  ok('keyfold', own),
  node(),
  ...(store.startsWith('sqlite:') ? [driver()] : []),
  ...(store.includes('://') ? [client()] : [])
]
