import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { eventually } from './eventually.ts'

/** Where Debian puts each version. */
const versions = '/usr/lib/postgresql'

const folderOf = (): string | undefined => {
  const all = existsSync(versions) ? readdirSync(versions).sort((a, b) => Number(b) - Number(a)) : []
  return all.map((version) => join(versions, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
}

const bin = folderOf()

export const postgresqlIsThere = bin !== undefined

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })

/** It refuses to run as root: then it is nobody's. */
const user = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (userInfo().uid !== 0) return undefined
  const id = (what: string): number => Number(execFileSync('id', [what, 'nobody']))
  return { uid: id('-u'), gid: id('-g') }
}

/** A server of its own, in a folder of its own, which goes with the test. */
export const startPostgresql = async (): Promise<{ readonly port: number; readonly host: string }> => {
  if (bin === undefined) throw new Error('PostgreSQL is not installed')
  const folder = mkdtempSync(join(tmpdir(), 'keyfold-pg-'))
  const as = user()
  if (as !== undefined) chownSync(folder, as.uid, as.gid)
  const data = join(folder, 'data')
  const options = { cwd: folder, stdio: 'ignore', ...as } as const
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'keyfold', '-A', 'trust', '--no-sync', '-E', 'UTF8'], options)
  const port = await freePort()
  const args = ['-D', data, '-p', `${port}`, '-c', 'listen_addresses=127.0.0.1', '-k', folder, '-c', 'fsync=off']
  const server = spawn(join(bin, 'postgres'), args, options)
  const ended = new Promise((resolve) => server.once('close', resolve))
  onTestFinished(async () => {
    server.kill('SIGINT')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const isReady = join(bin, 'pg_isready')
  await eventually(() => execFileSync(isReady, ['-h', '127.0.0.1', '-p', `${port}`], { stdio: 'ignore' }))
  return { port, host: '127.0.0.1' }
}
