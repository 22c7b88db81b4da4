import type { HistoryEntry, KeyInput, Ledger } from 'keyfold'

/** One key, from its first event on: what happened, when, and by whom. */
export const storyOf = async (ledger: Ledger, key: KeyInput): Promise<ReadonlyArray<string>> => {
  const entries = await ledger.history(key)
  return entries.map(({ revision, type, recordedAtMs, actor = 'nobody' }) =>
    [revision, new Date(recordedAtMs).toISOString(), type, actor].join(' ')
  )
}

/** All keys, once: how often each kind of outcome was stored in a span of time. */
export const outcomesBetween = async (ledger: Ledger, fromMs: number, untilMs: number) => {
  const counts = new Map<string, number>()
  await ledger.events({
    fromMs,
    untilMs,
    onEvents: (entries) => {
      for (const entry of entries) {
        if (entry.type !== 'Completed') continue
        const { outcomeKind } = entry.data.outcome
        counts.set(outcomeKind, (counts.get(outcomeKind) ?? 0) + 1)
      }
    }
  })
  return counts
}

/** What is yours to keep: a place in the log, best in the transaction that takes an event in. */
export type Place = {
  readonly load: () => Promise<string | undefined>
  readonly save: (position: string) => Promise<void>
}

/** All keys, and live from then on. An event may come twice after a crash, and none is left out. */
export const follow = async (
  ledger: Ledger,
  place: Place,
  take: (entry: HistoryEntry) => Promise<void>,
  signal: AbortSignal
): Promise<void> => {
  const after = await place.load()
  for await (const message of ledger.subscribe({ after, eventTypes: ['Completed'], signal })) {
    if (message._tag === 'Event') await take(message.entry)
    if (message._tag === 'Event' || message._tag === 'Checkpoint') await place.save(message.position)
  }
}
