import type { AppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { Expected } from './check-commit.ts'
import { sharedPb, streamsPb } from './generated.ts'
import { unsigned } from './messages.ts'

const empty = (): InstanceType<typeof sharedPb.Empty> => new sharedPb.Empty()

export const success = (revision: bigint, position: bigint | undefined): AppendResp => {
  const answer = new streamsPb.AppendResp.Success()
  if (revision < 0n) answer.setNoStream(empty())
  else answer.setCurrentRevision(String(revision))
  if (position === undefined) answer.setNoPosition(empty())
  else {
    const at = new streamsPb.AppendResp.Position()
    at.setCommitPosition(String(position))
    at.setPreparePosition(String(position))
    answer.setPosition(at)
  }
  return new streamsPb.AppendResp().setSuccess(answer)
}

/** Of an append a version conflict is an answer, not an error. */
export const wrongVersion = (expected: Expected, current: bigint): AppendResp => {
  const answer = new streamsPb.AppendResp.WrongExpectedVersion()
  if (current < 0n) {
    answer.setCurrentNoStream(empty())
    answer.setNoStream2060(empty())
  } else answer.setCurrentRevision(String(current))
  if (expected === 'any') {
    answer.setExpectedAny(empty())
    answer.setAny2060(empty())
  } else if (expected === 'noStream') answer.setExpectedNoStream(empty())
  else if (expected === 'streamExists') {
    answer.setExpectedStreamExists(empty())
    answer.setStreamExists2060(empty())
  } else answer.setExpectedRevision(unsigned(expected))
  return new streamsPb.AppendResp().setWrongExpectedVersion(answer)
}

const varint = (value: bigint): number[] =>
  value < 0x80n ? [Number(value)] : [Number(value & 0x7fn) | 0x80, ...varint(value >> 7n)]

const field = (number: number, value: bigint): number[] => [number << 3, ...varint(value)]

/** Revisions for clients of 20.6.0, as numbers of 64 bits: the generated code has only doubles for them. */
const old = (answer: AppendResp.WrongExpectedVersion): number[] => {
  const current = answer.hasCurrentRevision() ? field(1, BigInt(answer.getCurrentRevision())) : []
  if (answer.hasExpectedNoStream()) return [...current, ...field(3, 2n ** 64n - 1n)]
  return answer.hasExpectedRevision() ? [...current, ...field(3, BigInt(answer.getExpectedRevision()))] : current
}

/** The bytes of an answer; those of a conflict have the old fields too. */
export const appendBytes = (answer: AppendResp): Buffer => {
  const conflict = answer.getWrongExpectedVersion()
  if (conflict === undefined) return Buffer.from(answer.serializeBinary())
  const content = [...old(conflict), ...conflict.serializeBinary()]
  return Buffer.from([(2 << 3) | 2, ...varint(BigInt(content.length)), ...content])
}
