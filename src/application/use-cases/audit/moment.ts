import * as E from 'fp-ts/Either'
import type { Moment } from '../../../domain/audit/moment.ts'
import { mismatch, type Parsed, refused } from '../../../domain/parsing/parsed.ts'
import { instant, isMembers } from '../../../domain/parsing/values.ts'

/**
 * A moment of a key: by the store's time of recording, epoch ms, or after a revision. Callers' clocks may run backwards;
 * the store's is its own.
 */
export type MomentInput =
  | {
      /** The store's time of recording, epoch ms. */
      readonly timeMs: number
      /** Not beside a time. */
      readonly revision?: undefined
    }
  | {
      /** The last revision of the key's stream that counts. */
      readonly revision: bigint | number
      /** Not beside a revision. */
      readonly timeMs?: undefined
    }

const revisionOf = (path: string, value: unknown): Parsed<bigint> => {
  const revision = typeof value === 'number' && Number.isSafeInteger(value) ? BigInt(value) : value
  return typeof revision === 'bigint' && revision >= 0n
    ? E.right(revision)
    : mismatch(path, 'must be a whole number from 0 on', value)
}

/** Either of the two, and not both. */
export const momentOf = (path: string, given: MomentInput): Parsed<Moment> => {
  if (!isMembers(given)) return mismatch(path, 'must be a moment: { timeMs } or { revision }', given)
  const { timeMs, revision } = given
  if ((timeMs === undefined) === (revision === undefined)) {
    return refused(`${path} must have either a timeMs or a revision`, path)
  }
  if (revision === undefined) {
    const time = instant(`${path}.timeMs`, timeMs)
    return E.isLeft(time) ? time : E.right({ timeMs: time.right })
  }
  const at = revisionOf(`${path}.revision`, revision)
  return E.isLeft(at) ? at : E.right({ revision: at.right })
}
