import { claimHash } from '../../src/index.ts'
import { failures, order, seenByNobody } from './order-rules.ts'
import { isUnder, markOf, marksIn, ofType, type Stream } from './stream.ts'
import { isInDoubt, isRefused, type Told } from './told.ts'

/** What streams are held to. The answer is what breaks it, each in a few words. */
type Rule = (stream: Stream) => ReadonlyArray<string>

const repeated = <A>(all: ReadonlyArray<A>): ReadonlyArray<A> => {
  const seen = new Set<A>()
  return all.filter((one) => seen.size === seen.add(one).size)
}

const epochs: Rule = (stream) => {
  const written = ofType(stream, 'Reserved').map(({ epoch }) => epoch)
  const granted = new Map<number, string>()
  const twice = stream.told.flatMap(({ answer }) => {
    if (answer._tag !== 'Reserved') return []
    const { epoch, claimId } = answer.claim
    const first = granted.get(epoch) ?? claimId
    granted.set(epoch, first)
    return first === claimId ? [] : [`epoch ${epoch} was granted to two claims`]
  })
  const isInOrder = written.every((epoch, index) => epoch === index + 1)
  return [...twice, ...(isInOrder ? [] : [`the epochs in the log are ${written.slice(0, 10).join(', ')}`])]
}

/** One whose answer was lost, and that was over when it was found, was decided anew: only the last must be somebody's. */
const standingClaim: Rule = (stream) => {
  const last = ofType(stream, 'Reserved').at(-1)
  if (last === undefined) return []
  const askers = stream.told.filter(
    ({ asked }) => asked.do === 'reserve' && claimHash(asked.claimId) === last.claimHash
  )
  const isGranted = askers.some((one) => one.answer._tag === 'Reserved' || isInDoubt(one))
  return isGranted ? [] : [`the claim of epoch ${last.epoch} stands, and its caller was not granted it`]
}

/** What is missing in the log of what one call was told. */
const missing = (stream: Stream, { asked, answer, mark }: Told): string | undefined => {
  if (asked.do === 'reserve') {
    if (answer._tag !== 'Reserved') return undefined
    const isThere =
      answer.claim.claimId === asked.claimId && ofType(stream, 'Reserved').some((data) => isUnder(answer.claim, data))
    return isThere ? undefined : `the grant of epoch ${answer.claim.epoch}`
  }
  const { claim } = asked
  switch (answer._tag) {
    case 'Renewed': {
      const isThere =
        asked.do === 'renew' &&
        answer.untilMs === asked.untilMs &&
        ofType(stream, 'LeaseRenewed').some((data) => isUnder(claim, data) && data.leaseExpiresAtMs === asked.untilMs)
      return isThere ? undefined : `the renewal until ${answer.untilMs}`
    }
    case 'Released':
      return ofType(stream, 'Expired').some(({ epoch, reason }) => epoch === claim.epoch && reason === 'released')
        ? undefined
        : `the release of epoch ${claim.epoch}`
    case 'Completed':
      return ofType(stream, 'Completed').some((data) => isUnder(claim, data) && markOf(data) === mark)
        ? undefined
        : `the completion ${mark}`
    case 'AlreadyCompleted':
      return ofType(stream, 'Completed').some((data) => data.epoch === claim.epoch && markOf(data) !== mark)
        ? undefined
        : `the other outcome of epoch ${claim.epoch}`
    case 'ClaimLost': {
      const isOver =
        ofType(stream, 'Reserved').some(({ epoch }) => epoch > claim.epoch) ||
        ofType(stream, 'Expired').some(({ epoch }) => epoch === claim.epoch)
      if (!isOver) return `the end of epoch ${claim.epoch}, which was called lost`
      const isKept =
        asked.do !== 'complete' ||
        ofType(stream, 'CompletionRejected').some((data) => isUnder(claim, data) && markOf(data) === mark)
      return isKept ? undefined : `the late completion ${mark}`
    }
    default:
      return undefined
  }
}

const answers: Rule = (stream) =>
  stream.told.flatMap((told) => {
    if (told.answer._tag === 'Failed' && told.answer.tag === 'UnknownClaim')
      return ['a claim that was granted is unknown']
    const lost = missing(stream, told)
    return lost === undefined ? [] : [`not in the log: ${lost}`]
  })

const outcomes: Rule = (stream) => [
  ...repeated(ofType(stream, 'Completed').map(({ epoch }) => epoch)).map((epoch) => `epoch ${epoch} has two outcomes`),
  ...[
    ...repeated(ofType(stream, 'Completed').map(markOf)),
    ...repeated(ofType(stream, 'CompletionRejected').map(markOf))
  ].map((mark) => `the completion ${mark} is in the log twice`)
]

/** Every duplicate and conflict that was not called unrecorded is counted, and none of them twice. */
const sightings: Rule = (stream) =>
  (
    [
      ['Duplicate', 'DuplicateSeen'],
      ['Conflict', 'ConflictRecorded']
    ] as const
  ).flatMap(([tag, type]) => {
    const counted = ofType(stream, type).reduce((sum, { count }) => sum + count, 0)
    const seen = stream.told.filter(({ answer }) => answer._tag === tag)
    const least = seen.filter(({ answer }) => !('unrecorded' in answer)).length
    const most = seen.length + stream.told.filter((one) => one.asked.do === 'reserve' && isInDoubt(one)).length
    return counted < least || counted > most ? [`${counted} times ${type}, for ${seen.length} answers`] : []
  })

const refusals: Rule = (stream) => {
  const written = new Set(stream.events.flatMap(marksIn))
  // a call in doubt is repeated under its mark
  const doubtful = new Set(stream.told.filter((one) => !isRefused(one)).map(({ mark }) => mark))
  return stream.told.flatMap((told) => {
    const { mark, asked } = told
    if (!isRefused(told) || doubtful.has(mark)) return []
    const isThere =
      written.has(mark) ||
      (asked.do === 'renew' &&
        ofType(stream, 'LeaseRenewed').some(
          (data) => isUnder(asked.claim, data) && data.leaseExpiresAtMs === asked.untilMs
        ))
    return isThere ? [`in the log, though it was refused: ${asked.do} ${mark}`] : []
  })
}

const askedFor: Rule = (stream) => {
  const marks = new Set(stream.told.map(({ mark }) => mark))
  const ends = new Set(stream.told.map(({ asked }) => (asked.do === 'renew' ? asked.untilMs : undefined)))
  return stream.events.flatMap((event) => {
    const isWanted =
      event.type === 'LeaseRenewed'
        ? ends.has(event.data.leaseExpiresAtMs)
        : marksIn(event).every((one) => marks.has(one))
    return isWanted ? [] : [`nobody asked for a ${event.type}`]
  })
}

export const rules: ReadonlyArray<Rule> = [
  epochs,
  order,
  standingClaim,
  answers,
  outcomes,
  sightings,
  seenByNobody,
  failures,
  refusals,
  askedFor
]
