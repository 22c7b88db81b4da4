import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import * as E from 'fp-ts/Either'
import { connect } from '../connection.ts'
import { type LastPosition, type Lineage, lineage } from '../lineage.ts'
import { type LogGuard, logGuard } from '../log-guard.ts'
import { type Opened, open } from '../open.ts'
import { transactions } from '../transactions.ts'
import { writeGroup } from '../write-group.ts'
import { type Write, writer } from '../writer.ts'
import { type GroupMessage, groupOf, type Readiness, type Reply, type ThreadStart, toldOf } from './messages.ts'

// The program of a store's writer thread: a connection of its own, and group after group as they are told. What it
// does not expect ends it, and the thread that started it tells what that means.

type Writing = { readonly write: Write; readonly broken: Lineage['broken'] }

const serve = (
  port: MessagePort,
  { connection, prepared: { write, broken } }: Opened<Writing>,
  last: LastPosition,
  guard: LogGuard
): void => {
  let commitMs = 0
  const { exclusively, commit } = transactions(connection, {
    unusable: guard.broken,
    broken: () => {
      last.written = 0
      return broken()
    },
    committed: () => {
      last.known = Math.max(last.known, last.written)
    }
  })
  const timedCommit: typeof commit = () => {
    const began = performance.now()
    const failed = commit()
    commitMs = performance.now() - began
    return failed
  }

  const written = async (message: GroupMessage): Promise<Reply> => {
    const result = writeGroup(connection, write, timedCommit, groupOf(message))
    if (E.isLeft(result)) return { _tag: 'Failed', how: result.left._tag, told: toldOf(result.left.error) }
    const left = result.right.flatMap((one, index) => (E.isLeft(one) ? [[index, one.left] as const] : []))
    return { _tag: 'Committed', left, known: last.known, commitMs }
  }

  port.on('messageerror', (cause) => {
    throw cause
  })
  port.on('message', async (message: GroupMessage) => {
    const deadlineAt = performance.now() + message.waitMs
    last.known = Math.max(last.known, message.known)
    const reply = await exclusively<Reply>(
      () => deadlineAt,
      () => written(message),
      (error) => ({ _tag: 'Refused', told: toldOf(error) })
    )
    port.postMessage(reply)
  })
}

const start = async (
  port: MessagePort,
  { path, synchronous, busyTimeoutMs, inUse }: ThreadStart
): Promise<Readiness> => {
  const guard = logGuard(path, inUse)
  // what stands there now may be another file, which is not to be touched
  const replaced = guard.broken()
  if (replaced !== undefined) return { _tag: 'NotReady', told: toldOf(replaced) }
  const last: LastPosition = { known: 0, written: 0 }
  const opened = await open({ connect, path, synchronous, busyTimeoutMs, check: 'none' }, (connection, schema) => ({
    write: writer(connection, last),
    broken: lineage(connection, schema, last, 'to write').broken
  }))
  if (E.isLeft(opened)) return { _tag: 'NotReady', told: toldOf(opened.left) }
  serve(port, opened.right, last, guard)
  return { _tag: 'Ready' }
}

if (parentPort !== null) parentPort.postMessage(await start(parentPort, workerData))
