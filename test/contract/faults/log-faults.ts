import * as E from 'fp-ts/Either'
import type { LogPage } from '../../../src/application/ports/event-store.ts'
import { type NamedFault, paging } from './fault.ts'

export const logFaults: ReadonlyArray<NamedFault> = [
  ['always at the end', 'read the log', paging((page) => ({ ...page, atEnd: true }))],
  [
    'positions are inclusive',
    'read the log',
    (store) => ({
      ...store,
      readAll: (after, ...rest) =>
        store.readAll(
          after === 'start' || after === '1' ? 'start' : /^\d+$/.test(after) ? String(Number(after) - 1) : after,
          ...rest
        )
    })
  ],
  [
    'an empty page begins anew',
    'read the log',
    paging((page) => (page.events.length === 0 ? { ...page, next: 'start' } : page))
  ],
  [
    'the end of a page is skipped',
    'read the log',
    paging((page) => (page.atEnd ? page : { ...page, events: page.events.slice(0, -1) }))
  ],
  [
    'more than asked for',
    'read the log',
    (store) => ({ ...store, readAll: (after, prefix, count) => store.readAll(after, prefix, count + 1) })
  ],
  [
    'a prefix is a pattern',
    'read the log',
    (store) => ({
      ...store,
      readAll: (after, prefix, count) => async () => {
        const page = await store.readAll(after, '', count)()
        const pattern = new RegExp(`^${prefix.replaceAll('_', '.')}`)
        return E.map((all: LogPage) => ({ ...all, events: all.events.filter(({ stream }) => pattern.test(stream)) }))(
          page
        )
      }
    })
  ],
  [
    'a position that is none is the start',
    'read the log',
    (store) => ({
      ...store,
      readAll: (after, ...rest) => store.readAll(/^\d+$/.test(after) ? after : 'start', ...rest)
    })
  ]
]
