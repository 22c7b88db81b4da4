import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import { asyncDisposable } from '../../application/ports/async-disposable.ts'
import type { Append, AppendAtomically, EventStore, OpenedStore, ReadAll } from '../../application/ports/event-store.ts'
import type { Failure } from '../../domain/failure.ts'
import { optionsOf } from '../../domain/parsing/having.ts'
import { both, faultOf, keeping, optional } from '../../domain/parsing/parsed.ts'
import { func, isMembers } from '../../domain/parsing/values.ts'
import { alwaysCurrent } from '../common/always-current.ts'
import { disposedOf } from '../common/disposed-of.ts'
import { followLog } from '../common/follow-log.ts'
import { noInline } from '../common/no-inline.ts'
import { fromPosition } from '../common/numbered-position.ts'
import { checkedRead } from '../common/port-fault.ts'
import { systemTime } from '../common/recording-time.ts'
import { unfinished } from '../common/unfinished.ts'
import { untilEnd } from '../common/until-end.ts'
import { type MemoryLog, memoryLog } from './log.ts'

export type { MemoryLog } from './log.ts'

/** What a store in memory works with. */
export type MemoryStoreOptions = {
  /** What it stores its events in, where other stores are to see them. A log of its own where it is left out. */
  readonly log?: MemoryLog | undefined
  /** The store's own time of recording, epoch ms: a whole number. The system's clock where it is left out. */
  readonly now?: (() => number) | undefined
}

const isLog = (value: unknown): boolean => typeof value === 'object' && value !== null && 'appendAll' in value

const storeOptions = both(
  keeping(isMembers, 'must be the options of a store'),
  optionsOf(
    { log: optional(keeping(isLog, 'must be one that memoryLog made')), now: optional(func), inline: noInline },
    'name'
  )
)

/** What makes no sense in the options of a store in memory, whoever gave them. */
export const memoryOptionsFault = (options: unknown): Failure | undefined => faultOf(storeOptions('$', options))

/**
 * A store in this process's memory: the executable specification of the store port, and a store for tests. Nothing
 * survives the process.
 */
export const memoryStore = ({ log = memoryLog(), now = systemTime }: MemoryStoreOptions = {}): OpenedStore => {
  const end = new AbortController()
  const { signal } = end

  const appendAtomically: AppendAtomically = (appends) => async () => {
    const all: Array<Append> = []
    try {
      for await (const one of untilEnd(appends, signal)) all.push(one)
    } catch (cause) {
      return E.left({ _tag: 'NotWritten', error: unfinished(cause), index: all.length })
    }
    // from here on nothing else runs until all of it is judged
    if (signal.aborted) return E.left({ _tag: 'NotWritten', error: disposedOf, index: all.length })
    return log.appendAll(all, now)
  }

  const readAll: ReadAll = (after, streamPrefix, maxCount) => async () =>
    signal.aborted
      ? E.left(disposedOf)
      : pipe(
          fromPosition(after),
          E.map((from) => log.readAll(from, streamPrefix, maxCount))
        )

  const store: EventStore = {
    append: (append) => async () =>
      signal.aborted ? E.left({ _tag: 'NotWritten', error: disposedOf }) : log.append(append, now),
    appendAtomically,
    readStream: checkedRead(
      (...what) =>
        async () =>
          signal.aborted ? E.left(disposedOf) : E.right(log.readStream(...what))
    ),
    readAll,
    subscribe: followLog(readAll, log.written),
    dispose: async () => {
      end.abort()
      log.written.notify()
    }
  }
  return alwaysCurrent(
    asyncDisposable(store, (it) => it.dispose()),
    signal
  )
}
