import type { FindingKind } from '../../src/application/use-cases/audit/verify/finding.ts'
import { begunAt, changed, eventOf, forged, inserted, type Log, rehashed, without } from './tampered-log.ts'

/** What somebody does to the log, and what verify must say of it: kind, key and revision of each finding. */
export type Tampering = {
  readonly what: string
  readonly tamper: (log: Log) => Log
  readonly found: ReadonlyArray<readonly [kind: FindingKind, key: string, revision: number]>
}

const flipped = (text: string, letter: string): string => {
  if (!text.includes(letter)) throw new Error(`no ${letter} in it`)
  return text.replace(letter, String.fromCharCode(letter.charCodeAt(0) ^ 1))
}

const contentOf = (log: Log, key: string, revision: number) => {
  const { id, type, data, metadata } = eventOf(log, key, revision)
  return { id, type, data, metadata }
}

const withData = (over: object) => (event: { data: unknown }) => ({ data: { ...Object(event.data), ...over } })

const completion = { atMs: begunAt, epoch: 1, outcome: { outcomeKind: 'forged', completedAtMs: 1, details: null } }

const swappedPlaces = (log: Log): Log => {
  const [one, two] = [eventOf(log, 'k', 1), eventOf(log, 'k', 2)]
  return (
    changed(
      changed(log, 'k', 1, () => ({ position: two.position })),
      'k',
      2,
      () => ({ position: one.position })
    )
      .toSorted((a, b) => Number(a.position) - Number(b.position))
      // whoever swaps places takes the times along
      .map((event, index) => ({ ...event, recordedAtMs: log[index]?.recordedAtMs ?? 0 }))
  )
}

const movedToTheEnd = (log: Log): Log => {
  const moved = eventOf(log, 'k', 2)
  const last = log.at(-1)
  const rest = log.filter((event) => event !== moved)
  return [...rest, { ...moved, position: String(log.length + 1), recordedAtMs: last?.recordedAtMs ?? 0 }]
}

const movedToAnotherStream = (log: Log): Log => {
  const { stream } = eventOf(log, 'k', 0)
  return log.map((event) => (event === eventOf(log, 't', 2) ? { ...event, stream, revision: 5n } : event))
}

/** In each the revisions of the log follow on each other, so that any store can be made to hold it. */
export const contiguous: ReadonlyArray<Tampering> = [
  {
    what: 'a byte flipped in data',
    tamper: (log) => changed(log, 'k', 1, ({ data }) => ({ data: flipped(data, 'leaseExpires') })),
    found: [['altered', 'k', 1]]
  },
  {
    what: 'a byte flipped in metadata',
    tamper: (log) => changed(log, 'k', 1, ({ metadata }) => ({ metadata: metadata.replace('"me"', '"mf"') })),
    found: [['altered', 'k', 1]]
  },
  {
    what: 'metadata lost',
    tamper: (log) => changed(log, 'k', 3, () => ({ metadata: '{}' })),
    found: [['altered', 'k', 3]]
  },
  {
    what: 'an event id exchanged',
    tamper: (log) => changed(log, 'k', 2, () => ({ id: '11111111-2222-4333-8444-555555555555' })),
    found: [['altered', 'k', 2]]
  },
  {
    what: 'the contents of two rows swapped',
    tamper: (log) =>
      changed(
        changed(log, 'k', 1, () => contentOf(log, 'k', 2)),
        'k',
        2,
        () => contentOf(log, 'k', 1)
      ),
    found: [['broken', 'k', 1]]
  },
  {
    what: 'a row inserted without a hash that fits',
    tamper: (log) => inserted(log, 'k', 2, { ...contentOf(log, 'k', 2), id: '11111111-2222-4333-8444-555555555555' }),
    found: [['altered', 'k', 2]]
  },
  {
    what: 'a row inserted with a hash that fits: the chain forks behind it',
    tamper: (log) =>
      inserted(log, 'k', 2, forged(log, 'k', 2, 'DuplicateSeen', { atMs: 1, firstAtMs: 1, count: 1, owners: ['me'] })),
    found: [['forked', 'k', 3]]
  },
  {
    what: 'two rows inserted with hashes that fit',
    tamper: (log) => {
      const seen = { atMs: 1, firstAtMs: 1, count: 1, owners: ['me'] }
      const once = inserted(log, 'k', 2, forged(log, 'k', 2, 'DuplicateSeen', seen))
      return inserted(once, 'k', 3, forged(once, 'k', 3, 'DuplicateSeen', seen))
    },
    found: [['forked', 'k', 4]]
  },
  {
    what: 'a row that is there twice',
    tamper: (log) => inserted(log, 'k', 3, contentOf(log, 'k', 2)),
    found: [['repeated', 'k', 3]]
  },
  {
    what: 'an event rewritten with its own hash, and no other',
    tamper: (log) => {
      const event = forged(log, 'k', 2, 'ConflictRecorded', {
        ...JSON.parse(eventOf(log, 'k', 2).data),
        requestFingerprint: 'forged'
      })
      return changed(log, 'k', 2, () => event)
    },
    found: [['broken', 'k', 3]]
  },
  {
    what: 'a first event rewritten under another stream’s hash',
    tamper: (log) => changed(log, 'k', 0, () => contentOf(log, 'a', 0)),
    found: [['unreadable', 'k', 0]]
  },
  {
    what: 'a snapshot that is not the fold, in a chain hashed anew',
    tamper: (log) =>
      rehashed(log, 'a', 63, ({ metadata }) => ({
        metadata: JSON.parse(JSON.stringify(metadata).replace('"duplicateCount":63', '"duplicateCount":6'))
      })),
    found: [['snapshot', 'a', 63]]
  },
  {
    what: 'a snapshot of this version of the fold that is no state',
    tamper: (log) =>
      rehashed(log, 'a', 63, ({ metadata }) => ({
        metadata: JSON.parse(JSON.stringify(metadata).replace('"_tag":"Held"', '"_tag":"Held?"'))
      })),
    found: [['snapshot', 'a', 63]]
  },
  {
    what: 'a completion under a claim that never held the key, in a chain hashed anew',
    tamper: (log) => rehashed(log, 'k', 3, withData({ claimHash: '0'.repeat(64) })),
    found: [['transition', 'k', 3]]
  },
  {
    what: 'an event that cannot come there, in a chain hashed anew',
    tamper: (log) => rehashed(log, 'k', 4, () => ({ type: 'Completed', data: completion })),
    found: [['transition', 'k', 4]]
  },
  {
    what: 'an impossible epoch, in a chain hashed anew',
    tamper: (log) => rehashed(log, 't', 2, withData({ epoch: 7 })),
    found: [['epoch', 't', 2]]
  },
  {
    what: 'an epoch that is none',
    tamper: (log) => rehashed(log, 'k', 3, withData({ epoch: 0 })),
    found: [['unreadable', 'k', 3]]
  },
  {
    what: 'an impossible count, in a chain hashed anew',
    tamper: (log) => rehashed(log, 'k', 4, withData({ owners: ['you', 'me'] })),
    found: [['count', 'k', 4]]
  },
  {
    what: 'a count that is none',
    tamper: (log) => rehashed(log, 'k', 4, withData({ count: -1 })),
    found: [['unreadable', 'k', 4]]
  },
  {
    what: 'a type that is not keyfold’s',
    tamper: (log) => rehashed(log, 'k', 2, () => ({ type: 'Erased' })),
    found: [['unreadable', 'k', 2]]
  },
  {
    what: 'a version that is newer than this build',
    tamper: (log) => rehashed(log, 'k', 1, ({ metadata }) => ({ metadata: { ...metadata, schemaVersion: 99 } })),
    found: [['unreadable', 'k', 1]]
  },
  {
    what: 'the end of a lease without the reservation that takes over',
    tamper: (log) => without(log, 't', 2),
    found: [['transition', 't', 1]]
  },
  {
    what: 'two keys at fault',
    tamper: (log) =>
      changed(
        changed(log, 'k', 3, () => ({ metadata: '{}' })),
        'a',
        9,
        () => ({ data: '{}' })
      ),
    found: [
      ['altered', 'a', 9],
      ['altered', 'k', 3]
    ]
  }
]

/** What only a file can be made to hold. */
export const ofFiles: ReadonlyArray<Tampering> = [
  { what: 'a row removed', tamper: (log) => without(log, 'k', 2), found: [['missing', 'k', 3]] },
  {
    what: 'a row numbered anew',
    tamper: (log) => changed(log, 'k', 4, () => ({ revision: 9n })),
    found: [['missing', 'k', 9]]
  },
  { what: 'two rows of a stream swapped in the log', tamper: swappedPlaces, found: [['misplaced', 'k', 2]] },
  { what: 'a row moved to the end of the log', tamper: movedToTheEnd, found: [['misplaced', 'k', 3]] },
  {
    what: 'a row moved to another stream',
    tamper: movedToAnotherStream,
    found: [
      ['unreadable', 'k', 5],
      ['transition', 't', 1]
    ]
  },
  {
    what: 'a row stamped earlier',
    tamper: (log) => changed(log, 'k', 2, () => ({ recordedAtMs: begunAt })),
    found: [['restamped', 'k', 2]]
  },
  {
    what: 'a row stamped later',
    tamper: (log) => changed(log, 'k', 2, () => ({ recordedAtMs: begunAt + 10 ** 10 })),
    found: [['restamped', 'k', 2]]
  },
  {
    what: 'the first row of all stamped later',
    tamper: (log) => changed(log, 'a', 0, () => ({ recordedAtMs: begunAt + 10 ** 10 })),
    found: [['restamped', 'a', 0]]
  },
  {
    what: 'the last row of all stamped later than now',
    tamper: (log) => changed(log, 't', 2, () => ({ recordedAtMs: begunAt + 10 ** 10 })),
    found: [['restamped', 't', 2]]
  }
]
