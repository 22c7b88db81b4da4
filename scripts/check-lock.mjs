// Fails where the lock file cannot hold an install to what was reviewed: an entry without a strong digest is taken as
// it comes, and one with an address of its own is taken from there. `npm ci` says nothing about either.
import { readFileSync } from 'node:fs'

const file = process.argv[2] ?? 'package-lock.json'
const { packages } = JSON.parse(readFileSync(file, 'utf8'))

const faultOf = ({ integrity, resolved, link }) => {
  if (link === true) return 'is a link to a folder'
  if (resolved !== undefined) return 'has an address of its own'
  if (integrity === undefined) return 'has no digest'
  return /^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity) ? undefined : 'has no SHA-512 digest'
}

const entries = Object.entries(packages ?? {}).filter(([path]) => path !== '')
const faults = entries.flatMap(([path, entry]) => {
  const fault = faultOf(entry)
  return fault === undefined ? [] : [`${path} ${fault}`]
})
if (entries.length === 0) faults.push(`${file} has no entries`)

if (faults.length > 0) {
  console.error(faults.join('\n'))
  console.error(
    'what to do: take these entries out of the lock file, and let "npm install --package-lock-only" add them'
  )
  process.exitCode = 1
} else console.log(`${file}: ${entries.length} entries, each with its digest and none with an address`)
