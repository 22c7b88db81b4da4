import { Worker } from 'node:worker_threads'
import * as E from 'fp-ts/Either'
import { connect } from '../../src/adapters/sqlite/connection.ts'
import { sqliteStoreBy } from '../../src/adapters/sqlite/event-store.ts'
import type { OpenedStore } from '../../src/application/ports/event-store.ts'
import { openSqliteStore } from '../../src/sqlite.ts'
import { appendOf } from '../support/append-of.ts'
import { say } from './say.ts'

// Run as a process of its own: what becomes of a writer thread when its process is at its end, or does not allow one.
const { file, how }: { readonly file: string; readonly how: 'forget' | 'auto' | 'worker' | 'within a worker' } =
  JSON.parse(process.argv[2] ?? '')

process.on('warning', (warning) => {
  if ('code' in warning) say({ warning: warning.code })
})

/** As where a thread may help, whatever this machine has. */
const openOnManyCores = async (): Promise<OpenedStore> => {
  const opened = await sqliteStoreBy(connect, undefined, 4)({ file })()
  if (E.isLeft(opened)) throw new Error(opened.left.message)
  return opened.right
}

const use = async (): Promise<void> => {
  const store = how === 'auto' ? await openOnManyCores() : await openSqliteStore({ file, writer: 'worker' })
  // enough for a load, of which the last is answered when nothing else keeps the process
  for (let n = 0; n < 20; n++) {
    const results = await Promise.all(Array.from({ length: 64 }, () => store.append(appendOf())()))
    say({ written: results.filter(E.isRight).length })
  }
  if (how !== 'forget') await store.dispose()
  say({ end: how })
}

/** As a user's own worker would: the thread is one of a thread. */
const useWithin = (): void => {
  const [, program = ''] = process.argv
  new Worker(program, { argv: [JSON.stringify({ file, how: 'worker' })], stdout: false })
}

if (how === 'within a worker') useWithin()
else await use().catch((error) => say({ refused: String(error) }))
