import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { program } from '../support/child.ts'
import { sqliteStoreOn } from '../support/sqlite-store.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import { storeProcess } from './store-process.ts'

const child = program('test/process/store-child.ts')

describe.each(['auto', 'worker'] as const)('a write that the system refuses with an I/O error (%s)', (writer) => {
  it('is unknown at COMMIT; nothing is there by halves, and what was acknowledged is', async () => {
    const file = temporaryFile('store.db')
    // no file of this process may grow over 512 KiB: what is written beyond fails with EFBIG, which is SQLITE_IOERR
    const limited = storeProcess(
      child,
      { file, writer },
      { through: ['sh', '-c', 'ulimit -f 1024 && exec "$@"', 'sh'] }
    )
    expect(await limited.does({ do: 'open' })).toBe('open')
    expect(await limited.does({ do: 'append', stream: 'small' })).toBe('written 2')
    for (let n = 0; n < 3; n++) {
      expect(await limited.does({ do: 'append', stream: 'big', chars: 250_000 })).toBe(
        'OutcomeUnknown StoreUnavailable'
      )
      expect(await limited.does({ do: 'read', stream: 'big' })).toBe('0 events')
      expect(await limited.does({ do: 'read', stream: 'small' })).toBe('3 events')
    }
    expect(await limited.does({ do: 'append', stream: 'small', after: 2 })).toBe('written 5')
    await limited.kill()

    const store = await sqliteStoreOn({ file })
    const there = await store.readAll('start', '', 100)()
    if (E.isLeft(there)) throw new Error(there.left.message)
    expect(there.right.events.map(({ stream, revision }) => `${stream} ${revision}`)).toEqual(
      [0, 1, 2, 3, 4, 5].map((revision) => `small ${revision}`)
    )
  })
})
