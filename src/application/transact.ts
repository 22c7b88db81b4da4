import * as E from 'fp-ts/Either'
import type { Answer } from '../domain/answers.ts'
import type { Claim } from '../domain/claim.ts'
import { afterEvents } from '../domain/decide/decision.ts'
import { type Failure, failure } from '../domain/failure.ts'
import type { Past } from '../domain/past.ts'
import { epochOf, type State } from '../domain/state.ts'
import { freeze, type PlannedEvent } from './attempt.ts'
import { pause } from './back-off.ts'
import type { FoldCache } from './fold-cache.ts'
import { type Loaded, unwritten } from './loaded.ts'
import type { PendingCounts } from './pending-counts.ts'
import { type Plan, type Planned, plan } from './plan.ts'
import { readPast } from './read-history.ts'
import { readState } from './read-state.ts'
import { type Resolution, resolveAppend } from './resolve-append.ts'
import type { Settings } from './settings.ts'
import { claimIn, type Pending, type Tries } from './submission.ts'

/** What the loop works with: the settings, and what the process remembers between commands. */
export type Memory = { readonly settings: Settings; readonly cache: FoldCache; readonly counts: PendingCounts }

/** After so many conflicts a duplicate or conflict is answered without being recorded. */
const fewTries = 3

type Basis = {
  readonly loaded: Loaded
  /** Whether it was read from the store after the commands arrived; else only an append can vouch for it. */
  readonly fresh: boolean
  readonly past?: Past
}

const assumed = ({ settings, cache }: Memory, stream: string, [first]: ReadonlyArray<Pending>): Basis | undefined => {
  const cached = cache.get(stream)
  if (cached !== undefined) return { loaded: cached, fresh: false }
  // the first reserve of a key is one round trip: it is tried before anything is read
  return first?.submission.firstTry === true ? { loaded: unwritten(settings.sha256, stream), fresh: false } : undefined
}

const read = async ({ settings, cache }: Memory, stream: string): Promise<E.Either<Failure, Basis>> => {
  cache.drop(stream)
  const loaded = await readState(settings)(stream)()
  return E.map((fresh: Loaded): Basis => ({ loaded: fresh, fresh: true }))(loaded)
}

/** A read that is needed to answer what was written already: it is tried again until the deadline. */
const readUntil = async (memory: Memory, stream: string, deadlineAt: number): Promise<E.Either<Failure, Basis>> => {
  const { settings } = memory
  for (let attempt = 0; ; attempt++) {
    const basis = await read(memory, stream)
    if (E.isRight(basis) || settings.timer.monotonicMs() >= deadlineAt) return basis
    await pause(settings, attempt, deadlineAt)()
  }
}

const latestDeadline = (results: ReadonlyArray<Planned>): number =>
  Math.max(...results.map(({ pending }) => pending.deadlineAt))

const settleAll = (pendings: ReadonlyArray<Pending>, result: E.Either<Failure, Answer>): void => {
  for (const { settle } of pendings) settle(result)
}

const settlePlanned = (results: ReadonlyArray<Planned>): void => {
  for (const { pending, result } of results) pending.settle(result)
}

const grantedBy = ({ result }: Planned): Claim | undefined => (E.isRight(result) ? claimIn(result.right) : undefined)

const isCurrent = (claim: Claim | undefined, state: State): boolean =>
  state._tag === 'Held' && state.record.epoch === claim?.epoch && state.claimId === claim.claimId

const inDoubt = (recordId: string, planned: Planned, cause: Failure): Failure => {
  const claim = grantedBy(planned)
  const advice = claim === undefined ? 'ask again' : 'reserve again with its claim id'
  return failure('AppendUnknown', `whether ${recordId} was written could not be found out; ${advice}`, {
    recordId,
    cause,
    ...(claim === undefined ? {} : { claim })
  })
}

const contended = (recordId: string): Failure =>
  failure('Contended', `${recordId} was written by others until the deadline; nothing of this was written`, {
    recordId
  })

/** What is left to do after an attempt: the commands that must be decided again, from a fresh read. */
type Left = ReadonlyArray<Pending>

const conclude = async (
  memory: Memory,
  stream: string,
  results: ReadonlyArray<Planned>,
  resolution: Resolution,
  after: Loaded,
  tries: Tries
): Promise<Left> => {
  const { settings, cache, counts } = memory
  const recordId = stream.slice(stream.indexOf('-') + 1)
  const quietOnes = results.filter(({ writes }) => !writes).map(({ pending }) => pending)
  const writers = results.filter(({ writes }) => writes)
  switch (resolution._tag) {
    case 'Written': {
      counts.drop(stream)
      if (!resolution.doubted) {
        cache.set(stream, after)
        settlePlanned(results)
        return []
      }
      cache.drop(stream)
      const grants = writers.filter((planned) => grantedBy(planned) !== undefined)
      // what was written is a fact whatever came after it; only a claim has to be the current one still
      settlePlanned(writers.filter((planned) => grantedBy(planned) === undefined))
      if (grants.length === 0) return quietOnes
      const now = await readUntil(memory, stream, latestDeadline(grants))
      if (E.isLeft(now)) {
        for (const planned of grants) planned.pending.settle(E.left(inDoubt(recordId, planned, now.left)))
        return quietOnes
      }
      const stands = (planned: Planned): boolean => isCurrent(grantedBy(planned), now.right.loaded.state)
      settlePlanned(grants.filter(stands))
      return [...quietOnes, ...grants.filter((planned) => !stands(planned)).map(({ pending }) => pending)]
    }
    case 'Conflict': {
      cache.drop(stream)
      const over = writers.filter(({ pending }) => settings.timer.monotonicMs() >= pending.deadlineAt)
      settleAll(
        over.map(({ pending }) => pending),
        E.left(contended(recordId))
      )
      const again = results.filter((planned) => !over.includes(planned)).map(({ pending }) => pending)
      for (const pending of again) tries.set(pending, (tries.get(pending) ?? 0) + 1)
      const attempt = Math.max(0, ...again.map((pending) => tries.get(pending) ?? 0)) - 1
      // the first conflict is the usual way to learn that a key exists: no need to wait
      if (attempt > 0) await pause(settings, attempt, Math.max(...again.map(({ deadlineAt }) => deadlineAt)))()
      return again
    }
    case 'NotWritten':
      cache.drop(stream)
      settleAll(
        writers.map(({ pending }) => pending),
        E.left(resolution.error)
      )
      return quietOnes
    case 'InDoubt':
      cache.drop(stream)
      for (const planned of writers) planned.pending.settle(E.left(inDoubt(recordId, planned, resolution.error)))
      return quietOnes
  }
}

const withPast = async (
  { settings, cache }: Memory,
  stream: string
): Promise<E.Either<Failure, Basis & { readonly past: Past }>> => {
  cache.drop(stream)
  const whole = await readPast(settings)(stream)()
  return E.map(({ past, loaded }: { past: Past; loaded: Loaded }) => ({ loaded, past, fresh: true }))(whole)
}

/** The waiting counts of the reservation that still stands, and the state as if they were written. */
const waitingFor = ({ counts }: Memory, stream: string, { state }: Loaded): ReadonlyArray<PlannedEvent> =>
  state._tag === 'Held' ? counts.of(stream, epochOf(state)) : []

const aborted = failure('Aborted', 'the caller gave up; nothing was written')

/**
 * Loads, decides, appends: the one loop of the ledger (SPEC section 6). Takes the commands that wait on one key
 * through one append, and goes on until each is answered. Never rejects.
 */
export const transact = async (memory: Memory, stream: string, commands: ReadonlyArray<Pending>): Promise<void> => {
  const { settings } = memory
  const tries: Tries = new WeakMap()
  let left = commands
  let basis = assumed(memory, stream, commands)
  while (left.length > 0) {
    const [givenUp, going] = [left.filter(isAborted), left.filter((pending) => !isAborted(pending))]
    settleAll(givenUp, E.left(aborted))
    left = going
    if (left.length === 0) return
    if (basis === undefined) {
      const loaded = await read(memory, stream)
      if (E.isLeft(loaded)) return settleAll(left, loaded)
      basis = loaded.right
    }
    const waiting = waitingFor(memory, stream, basis.loaded)
    const state = afterEvents(
      basis.loaded.state,
      waiting.map(({ event }) => event)
    )
    const planned: Plan = plan(settings, left, state, basis.past, (pending) => (tries.get(pending) ?? 0) >= fewTries)
    if (planned._tag === 'NeedsPast') {
      const whole = await withPast(memory, stream)
      if (E.isLeft(whole)) return settleAll(left, whole)
      basis = whole.right
      continue
    }
    const { results, events } = planned
    const rest = left.slice(results.length)
    const wait = settings.recording === 'coalesce' && planned.canWait
    if (events.length === 0 || wait) {
      if (!basis.fresh) {
        basis = undefined
        continue
      }
      if (events.length > 0) memory.counts.add(stream, epochOf(state), events)
      else memory.cache.set(stream, basis.loaded)
      settlePlanned(results)
      left = rest
    } else {
      const { append, after } = freeze(settings, stream, basis.loaded, [...waiting, ...events])
      const resolution = await resolveAppend(settings)(append, latestDeadline(results))()
      left = [...(await conclude(memory, stream, results, resolution, after, tries)), ...rest]
      basis =
        left.length > 0 && resolution._tag === 'Written' && !resolution.doubted
          ? { loaded: after, fresh: true }
          : undefined
    }
  }
}

const isAborted = ({ submission }: Pending): boolean => submission.signal?.aborted === true

/** Writes the counts that wait on a key, if their reservation still stands. Best effort: lost counts are allowed. */
export const flushCounts = async (memory: Memory, stream: string): Promise<void> => {
  const { settings, counts, cache } = memory
  for (let attempt = 0; attempt < fewTries; attempt++) {
    const basis = await read(memory, stream)
    if (E.isLeft(basis)) return
    const waiting = waitingFor(memory, stream, basis.right.loaded)
    if (waiting.length === 0) return counts.drop(stream)
    const { append, after } = freeze(settings, stream, basis.right.loaded, waiting)
    const deadlineAt = settings.timer.monotonicMs() + settings.deadlineMs
    const resolution = await resolveAppend(settings)(append, deadlineAt)()
    if (resolution._tag === 'Conflict') continue
    if (resolution._tag === 'Written' && !resolution.doubted) cache.set(stream, after)
    if (resolution._tag !== 'NotWritten') counts.drop(stream)
    return
  }
}
