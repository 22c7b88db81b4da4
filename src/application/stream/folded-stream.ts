import { type ActualRevision, following } from '../../domain/expected-revision.ts'
import { type Failure, failure } from '../../domain/failure.ts'
import type { Sha256 } from '../../domain/hash-parts.ts'
import { recordIdIn } from '../../domain/identity.ts'
import { initialState, type State } from '../../domain/state.ts'
import { genesisHash } from './event-text.ts'

/** A key's stream, folded: its state, and what the next append has to follow on. */
export type FoldedStream = {
  readonly state: State
  readonly actual: ActualRevision
  readonly lastHash: string
  /** The revision at which a backward reader stops: of the last usable snapshot, `Reserved` or `Imported`; -1 for none. */
  readonly foldStart: bigint
}

/** A stream that nobody has written to. */
export const unwritten = (sha256: Sha256, stream: string): FoldedStream => ({
  state: initialState,
  actual: 'noStream',
  lastHash: genesisHash(sha256, stream),
  foldStart: -1n
})

export const expectedAfter = ({ actual }: FoldedStream): ReturnType<typeof following> => following(actual)

/** The whole past was read, and still it is asked for: what the stream holds makes no sense. */
export const senseless = (stream: string): Failure => {
  const recordId = recordIdIn(stream)
  return failure('CorruptStream', `${recordId}: nothing can be decided on what its stream holds`, { recordId })
}
