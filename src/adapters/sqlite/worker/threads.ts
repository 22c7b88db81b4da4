import * as E from 'fp-ts/Either'
import type { StoreError } from '../../../application/ports/event-store.ts'
import type { SqliteStoreOptions } from '../options.ts'
import type { ThreadStart } from './messages.ts'
import { type Starting, startThread, type ThreadProgram, type WriterThread } from './thread.ts'

/** From so many appends at a time on the thread gains more than its messages cost. */
const leastLoad = 24

/** So many groups of that size, in all, are worth a thread's memory; fewer were a moment's. */
const lastingLoad = 4

/** One that ended, or did not come about, is tried anew, so often in all: whatever ends it each time is left alone then. */
const maxStarts = 4

export type WriterThreads = {
  /** Starts one now; an error is why there is none. */
  readonly start: () => Promise<StoreError | undefined>
  /** The thread that is to write for so many appends at a time, if one is. Load that comes again has one started. */
  readonly forLoad: (load: number) => WriterThread | undefined
  readonly end: () => Promise<void>
}

export const noThreads: WriterThreads = {
  start: async () => undefined,
  forLoad: () => undefined,
  end: async () => {}
}

let isTold = false

/** Once a process, whatever number of stores it opens. */
const tell = ({ message }: StoreError): void => {
  if (isTold) return
  isTold = true
  process.emitWarning(`${message}; appends are written on the thread of their callers`, {
    type: 'KeyfoldWarning',
    code: 'KEYFOLD_NO_WRITER_THREAD'
  })
}

/** The writer threads of a store, one at a time. Where there is none its caller's thread writes. */
export const writerThreads = (
  mode: Exclude<SqliteStoreOptions['writer'], 'caller'>,
  program: ThreadProgram,
  startOf: () => ThreadStart
): WriterThreads => {
  const least = mode === 'worker' ? 1 : leastLoad
  let thread: WriterThread | undefined
  let starting: Starting | undefined
  let startsLeft = maxStarts
  let loads = 0

  const start = async (): Promise<StoreError | undefined> => {
    startsLeft--
    const begun = startThread(program, startOf())
    if (E.isLeft(begun)) return begun.left
    starting = begun.right
    const ready = await starting.ready
    starting = undefined
    if (E.isLeft(ready)) return ready.left
    thread = ready.right
    return undefined
  }

  /** While the caller's thread goes on without it. */
  const startBeside = async (): Promise<void> => {
    const started = start()
    starting?.unref()
    const error = await started
    if (error !== undefined && startsLeft === 0) tell(error)
  }

  return {
    start,
    forLoad: (load) => {
      const ended = thread?.ended()
      if (ended !== undefined) {
        thread = undefined
        if (startsLeft === 0) tell(ended)
      }
      if (load < least) return undefined
      if (thread === undefined && starting === undefined && startsLeft > 0 && ++loads >= lastingLoad) {
        void startBeside()
      }
      return thread
    },
    end: async () => {
      startsLeft = -1
      await starting?.end()
      await thread?.end()
    }
  }
}
