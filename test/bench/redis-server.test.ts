import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { type RedisServer, startRedis } from '../../bench/peers/redis-server.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const isThere = spawnSync('redis-server', ['--version']).status === 0
if (!isThere) console.warn('\n!! redis-server is not installed: its start and stop are NOT TRIED here\n')

const folder = (): string => dirname(temporaryFile('redis'))

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

const asked = async ({ url }: RedisServer, command: string): Promise<string> => {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(`${command}\r\n`)
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return String(answer)
}

const started = async (fsync: 'always' | 'everysec', where = folder()): Promise<RedisServer> => {
  const server = await startRedis(where, fsync)
  if (E.isLeft(server)) throw new Error(server.left)
  return server.right
}

describe('the Redis that peers are measured on', () => {
  it.skipIf(!isThere)(
    'writes each command to its log as it is told, in its own folder, and ends when stopped',
    async () => {
      const where = folder()
      const server = await started('always', where)
      try {
        expect(await asked(server, 'CONFIG GET appendfsync')).toContain('always')
        expect(await asked(server, 'CONFIG GET appendonly')).toContain('yes')
        expect(await asked(server, 'SET key value')).toBe('+OK\r\n')
        expect(existsSync(join(where, 'appendonlydir'))).toBe(true)
        expect(isAlive(server.pid)).toBe(true)
      } finally {
        await server.stop()
      }
      expect(isAlive(server.pid)).toBe(false)
    }
  )

  it.skipIf(!isThere)('two have a port and keys of their own; stopping one leaves the other', async () => {
    const [one, other] = [await started('always'), await started('everysec')]
    try {
      expect(one.url).not.toBe(other.url)
      await asked(one, 'SET key value')
      expect(await asked(other, 'EXISTS key')).toBe(':0\r\n')
      await one.stop()
      expect(await asked(other, 'PING')).toBe('+PONG\r\n')
    } finally {
      await one.stop()
      await other.stop()
    }
  })

  it('one that is not installed is a reason, and not an exception', async () =>
    expect(await startRedis(folder(), 'always', 'no-such-redis-server')).toMatchObject({
      left: expect.stringContaining('no-such-redis-server cannot be started')
    }))

  it('one that ends at once is not waited for', async () =>
    expect(await startRedis(folder(), 'always', 'false')).toEqual(E.left('false ended: ')))
})
