import { copyFileSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { program, start } from '../support/child.ts'
import { sqlProcess } from '../support/sql-process.ts'
import { temporaryFile } from '../support/temporary-file.ts'
import type { LogOrder, LogSaid } from './log-child.ts'

/** For a machine that has much else to do; a hang is longer. */
const timeout = 300_000

const ledgerProgram = program('test/process/log-child.ts')
const sql = program('test/support/sql-child.ts')
const tenant = { orgId: 'acme', workspaceId: 'shop', source: 'explicit' } as const

const ledgerProcess = (file: string, worker: string, writer: 'auto' | 'worker' = 'auto') => {
  const child = start<LogSaid>(ledgerProgram, { file, worker, writer })
  let given = 0
  const does = async (order: LogOrder): Promise<string> => {
    child.tell(order)
    const mine = ++given
    const said = await child.hear((one) => one._tag === 'Done' && one.order === mine)
    return said._tag === 'Done' ? said.said : ''
  }
  return {
    ...child,
    does,
    reserve: (key: string) => does({ do: 'reserve', key }),
    /** Whether it could open the store, or why not. */
    opened: async () => {
      const said = await child.hear(({ _tag }) => _tag === 'Opened' || _tag === 'Refused')
      return said._tag === 'Refused' ? said.error : 'Opened'
    },
    stop: async () => {
      child.tell({ do: 'stop' } satisfies LogOrder)
      await child.end()
    }
  }
}

type LedgerProcess = ReturnType<typeof ledgerProcess>

const grantsOf = (processes: ReadonlyArray<LedgerProcess>): ReadonlyArray<string> =>
  processes.flatMap(({ said }) => said.flatMap((one) => (one._tag === 'Reserved' ? [`${one.key}: ${one.epoch}`] : [])))

/** Every grant that a process was told is in the file, once, and by nobody else. */
const judge = async (file: string, processes: ReadonlyArray<LedgerProcess>): Promise<void> => {
  const grants = grantsOf(processes)
  expect(grants.toSorted()).toEqual([...new Set(grants)].toSorted())
  const store = await openSqliteStore({ file, check: 'full' })
  const ledger = createLedger({ store })
  for (const one of processes) {
    for (const said of one.said) {
      if (said._tag !== 'Reserved') continue
      const { key, epoch } = said
      expect(await ledger.get({ tenant, operation: 'charge', key })).toMatchObject({ epoch })
    }
  }
  await ledger.dispose()
  await store.dispose()
}

const lost = 'StoreUnavailable'

/** Two ledgers that have both written, and so know the log. One writes by a thread of its own. */
const two = async (file: string) => {
  const [one, other] = [ledgerProcess(file, 'one', 'worker'), ledgerProcess(file, 'other')]
  expect([await one.opened(), await other.opened()]).toEqual(['Opened', 'Opened'])
  expect([await one.reserve('a'), await other.reserve('b'), await other.reserve('a')]).toEqual([
    'Reserved',
    'Reserved',
    'Duplicate'
  ])
  return [one, other] as const
}

const beside = ['-wal', '-shm']

const removeLog = (file: string): void => {
  for (const end of beside) rmSync(file + end)
}

describe('a key is granted once, though under two living ledgers', () => {
  const tamperings: ReadonlyArray<readonly [string, (file: string) => void]> = [
    ['both files of the log are removed', (file) => removeLog(file)],
    ['the log is removed', (file) => rmSync(`${file}-wal`)],
    ['what they share is removed', (file) => rmSync(`${file}-shm`)],
    [
      'the log is replaced by its copy',
      (file) => {
        copyFileSync(`${file}-wal`, `${file}-copy`)
        renameSync(`${file}-copy`, `${file}-wal`)
      }
    ],
    [
      'both files are replaced by their copies',
      (file) => {
        for (const end of beside) {
          copyFileSync(file + end, `${file}-copy`)
          renameSync(`${file}-copy`, file + end)
        }
      }
    ],
    [
      'the log is replaced by an empty one',
      (file) => {
        rmSync(`${file}-wal`)
        writeFileSync(`${file}-wal`, '')
      }
    ]
  ]

  it.each(tamperings)('%s', { timeout }, async (_, tamper) => {
    const file = temporaryFile('store.db')
    const [one, other] = await two(file)
    tamper(file)
    // one that comes now cannot know what the two have granted
    const third = ledgerProcess(file, 'third')
    const opened = await third.opened()
    if (opened === 'Opened') expect(await third.reserve('a')).toBe('Duplicate')
    else expect(opened).toContain(lost)
    expect([await one.reserve('c'), await other.reserve('c'), await one.reserve('b')]).toEqual([lost, lost, lost])
    await one.stop()
    await other.stop()
  })

  it.each(tamperings.slice(0, 3))(
    'and what was granted is in the file afterwards, though they are killed: %s',
    {
      timeout
    },
    async (_, tamper) => {
      const file = temporaryFile('store.db')
      const [one, other] = await two(file)
      tamper(file)
      expect(await one.reserve('c')).toBe(lost)
      await one.kill()
      await other.kill()
      await judge(file, [one, other])
    }
  )

  it('the log is put back: they go on', { timeout }, async () => {
    const file = temporaryFile('store.db')
    const [one, other] = await two(file)
    renameSync(`${file}-wal`, `${file}-away`)
    expect(await one.reserve('c')).toBe(lost)
    renameSync(`${file}-away`, `${file}-wal`)
    expect([await one.reserve('c'), await other.reserve('c')]).toEqual(['Reserved', 'Duplicate'])
    await one.stop()
    await other.stop()
    await judge(file, [one, other])
  })
})

/** Only here does the system tell a process which locks it holds. */
const tells = existsSync('/proc/self/fdinfo/0')

describe.runIf(tells)('a process that opens and closes the files of its own store', () => {
  it.each([
    ['the file', ['']],
    ['what the processes share', ['-shm']],
    ['all three', ['', '-wal', '-shm']]
  ])('has lost its locks, and grants nothing any more: %s', { timeout }, async (_, ends) => {
    const file = temporaryFile('store.db')
    const [one, other] = await two(file)
    await one.does({ do: 'read files', names: ends.map((end) => file + end) })
    expect([await one.reserve('c'), await one.reserve('a')]).toEqual([lost, lost])
    expect([await other.reserve('c'), await other.reserve('a')]).toEqual(['Reserved', 'Duplicate'])
    await one.stop()
    await other.stop()
    await judge(file, [one, other])
  })

  it('though another closes the file as if it were the last, and takes the log with it', { timeout }, async () => {
    const file = temporaryFile('store.db')
    const one = ledgerProcess(file, 'one')
    expect(await one.opened()).toBe('Opened')
    expect(await one.reserve('a')).toBe('Reserved')
    await one.does({ do: 'read files', names: [file] })
    // exec alone: such a connection is closed at once
    const last = connect(file)
    last.exec('SELECT count(*) FROM events')
    last.close()
    expect(existsSync(`${file}-wal`)).toBe(false)
    const other = ledgerProcess(file, 'other')
    expect(await other.opened()).toBe('Opened')
    expect([await other.reserve('b'), await one.reserve('b'), await one.reserve('c')]).toEqual(['Reserved', lost, lost])
    expect(await other.reserve('a')).toBe('Duplicate')
    await one.stop()
    await other.stop()
    await judge(file, [one, other])
  })

  it('hurts nobody by reading the log alone, on which nobody holds a lock', { timeout }, async () => {
    const file = temporaryFile('store.db')
    const [one, other] = await two(file)
    await one.does({ do: 'read files', names: [`${file}-wal`] })
    expect([await one.reserve('c'), await other.reserve('c')]).toEqual(['Reserved', 'Duplicate'])
    await one.stop()
    await other.stop()
  })
})

describe('what others may do to a file in use', () => {
  it('a vacuum, an ANALYZE and checkpoints change nothing for its ledgers', { timeout }, async () => {
    const file = temporaryFile('store.db')
    const [one, other] = await two(file)
    const shell = sqlProcess(sql, file)
    for (const [n, statement] of ['VACUUM', 'ANALYZE', 'PRAGMA wal_checkpoint(TRUNCATE)', 'REINDEX'].entries()) {
      await shell.run(statement)
      expect([await one.reserve(`key ${n}`), await other.reserve(`key ${n}`)]).toEqual(['Reserved', 'Duplicate'])
    }
    await shell.kill()
    await one.stop()
    await other.stop()
    await judge(file, [one, other])
  })

  it('a file that was rolled back to an earlier state is noticed by who knew the later one', { timeout }, async () => {
    const file = temporaryFile('store.db')
    const [one] = await two(file)
    const shell = sqlProcess(sql, file)
    await shell.run('DELETE FROM events', 'UPDATE removed SET position = 0')
    expect(await one.reserve('c')).toBe(lost)
    await shell.kill()
    await one.stop()
  })
})

/** A generator of numbers from a seed (mulberry32). */
const chance = (seed: number): ((below: number) => number) => {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * below)
  }
}

/** SQLite's memory of `-shm` is gone where the last one that closes, as it seems, cuts it off: such a process has died. */
const endedByTheSystem = (cause: unknown): void => {
  if (!String(cause).includes('SIGBUS')) throw cause
}

const seeds = Array.from({ length: Number(process.env['KEYFOLD_LOG_RUNS'] ?? 4) }, (_, n) => n + 1)

describe('three ledgers in three processes on one file, at work while its log is tampered with', () => {
  it.each(seeds)('grant each key once, and lose nothing that they answered (seed %i)', { timeout }, async (seed) => {
    const file = temporaryFile('store.db')
    const below = chance(seed)
    // a prime, so that everyone’s order has all of them
    const keys = 401
    const ledgers = Array.from({ length: 3 }, (_, n) => ledgerProcess(file, `ledger ${n}`))
    for (const one of ledgers) expect(await one.opened()).toBe('Opened')
    for (const [n, one] of ledgers.entries()) await one.does({ do: 'run', keys, seed: n })
    const victim = ledgers[below(3)]
    const enough = 10 + below(60)
    const grants = (): number => grantsOf(ledgers).length
    await Promise.race(ledgers.map((one) => one.hear(() => grants() >= enough)))
    const shell = sqlProcess(sql, file)
    const attacks: ReadonlyArray<() => Promise<unknown> | undefined> = [
      async () => removeLog(file),
      async () => rmSync(`${file}-wal`),
      () => victim?.does({ do: 'read files', names: [file, `${file}-wal`, `${file}-shm`] }),
      () => shell.run('PRAGMA busy_timeout = 20000', 'VACUUM'),
      async () => renameSync(`${file}-wal`, `${file}-away`),
      async () => {
        for (const one of ledgers) await one.does({ do: 'read files', names: [file, `${file}-shm`] })
        // the last one, as it seems: it takes the log with it
        const last = connect(file)
        last.exec('SELECT count(*) FROM events')
        last.close()
      }
    ]
    await attacks[(seed - 1) % attacks.length]?.()
    // one more comes in the midst of it
    const late = ledgerProcess(file, 'late')
    const all = [...ledgers, late]
    if ((await late.opened()) === 'Opened') await late.does({ do: 'run', keys, seed: 3 })
    await shell.kill()
    await Promise.all(
      all.map(async (one) => (one === late && !one.isAlive() ? undefined : one.stop().catch(endedByTheSystem)))
    )
    for (const one of all) {
      const errors = one.said.flatMap((said) => (said._tag === 'Failed' ? [said.error] : []))
      // a vacuum holds the lock for as long as it takes
      const honest = ['StoreUnavailable', 'AppendUnknown', 'StoreBusy']
      expect(errors.filter((error) => !honest.includes(error))).toEqual([])
    }
    expect(grants()).toBeGreaterThanOrEqual(enough)
    await judge(file, all)
  })
})
