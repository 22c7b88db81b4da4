import type { IdempotencyRecord } from '../../domain/record.ts'
import type { State } from '../../domain/state.ts'
import type { FoldedStream } from './folded-stream.ts'

// About how many bytes things take in memory, at their worst: two a character, and what V8 needs beside.

const perText = 24
const perObject = 64
const perMember = 16
/** A record and its state with all their fields, the hash, and the entry itself. */
const perFold = 1024

const textBytes = (text: string | undefined): number => (text === undefined ? 0 : perText + 2 * text.length)

/** Names of streams and hashes: V8 keeps a text of ASCII with one byte a character. */
const asciiBytes = (text: string | undefined): number => (text === undefined ? 0 : perText + text.length)

/** A JSON value, however it is nested: a short text can make a large one. */
export const jsonBytes = (value: unknown): number => {
  let sum = 0
  const left = [value]
  while (left.length > 0) {
    const next = left.pop()
    if (typeof next === 'string') sum += textBytes(next)
    if (typeof next !== 'object' || next === null) continue
    sum += perObject
    if (Array.isArray(next)) {
      sum += perMember * next.length
      for (const item of next) left.push(item)
    } else {
      // of every outcome: a list of pairs would be the most that is made here
      for (const name in next) {
        sum += perMember + textBytes(name)
        left.push(next[name as keyof typeof next])
      }
    }
  }
  return sum
}

const recordIn = (state: State): IdempotencyRecord | undefined =>
  state._tag === 'Held' ? state.record : state.ended?.record

export const outcomeIn = ({ state }: FoldedStream): IdempotencyRecord['outcome'] => recordIn(state)?.outcome

/** A fold, but for its outcome. */
export const foldBytes = ({ state }: FoldedStream, stream: string): number => {
  const record = recordIn(state)
  let sum = perFold + asciiBytes(stream) + asciiBytes(state.claimHash) + textBytes(state.lastEventId)
  sum += asciiBytes(state.earlier)
  for (const digest of state.rejections) sum += perMember + asciiBytes(digest)
  if (state._tag === 'Held') sum += asciiBytes(state.after?.claimHash)
  if (record === undefined) return sum
  const { tenant } = record
  sum += textBytes(tenant.orgId) + textBytes(tenant.workspaceId) + textBytes(tenant.deploymentId)
  sum += textBytes(tenant.actorId) + textBytes(record.operation) + textBytes(record.key) + textBytes(record.owner)
  sum += textBytes(record.requestFingerprint) + textBytes(record.firstSeenEventId)
  for (const fingerprint of record.conflictFingerprints) sum += textBytes(fingerprint)
  if (record.recoveryPoints !== undefined) sum += jsonBytes(record.recoveryPoints)
  return sum + (record.inDoubt === undefined ? 0 : perObject + textBytes(record.inDoubt.note))
}
