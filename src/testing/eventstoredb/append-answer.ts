import type { AppendResp } from '@eventstore/db-client/generated/streams_pb.js'
import type { Expected } from './check-commit.ts'
import { sharedPb, streamsPb } from './generated.ts'

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
  if (current < 0n) answer.setCurrentNoStream(empty())
  else answer.setCurrentRevision(String(current))
  if (expected === 'any') answer.setExpectedAny(empty())
  else if (expected === 'noStream') answer.setExpectedNoStream(empty())
  else if (expected === 'streamExists') answer.setExpectedStreamExists(empty())
  else answer.setExpectedRevision(String(expected))
  return new streamsPb.AppendResp().setWrongExpectedVersion(answer)
}
