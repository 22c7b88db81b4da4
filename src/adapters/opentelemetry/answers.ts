import { isMembers, type Members } from '../../domain/parsing/values.ts'

const tagOf = (value: unknown): string | undefined =>
  isMembers(value) && typeof value['_tag'] === 'string' ? value['_tag'] : undefined

/** Whether a use case ends claims with an outcome: others answer that there is one, too. */
export const completes = (useCase: string): boolean => useCase.startsWith('complete')

/** Whether a use case answers for each of several claims. */
const answersForMany = (useCase: string): boolean => useCase.endsWith('All')

/** What telemetry calls one answer: its tag; `None` where there is nothing, `Done` for what has no tag. */
const nameOf = (answer: unknown): string => (answer === undefined ? 'None' : (tagOf(answer) ?? 'Done'))

/** The answers that a use case gave: one, or one for each claim. */
const answersIn = (useCase: string, value: unknown): ReadonlyArray<unknown> =>
  answersForMany(useCase) && Array.isArray(value) ? value : [value]

/** What each of the answers is called. */
export const answerNames = (useCase: string, value: unknown): ReadonlyArray<string> =>
  answersIn(useCase, value).map(nameOf)

/** What they are called together, where only one name can be given. */
export const answerName = (names: ReadonlyArray<string>): string => {
  const [first = 'Done', ...others] = new Set(names)
  return others.length === 0 ? first : 'Mixed'
}

/** The answers to single keys within one to several; what only tells of an answer that would be given has none. */
const within = ({ _tag, reservations, answer }: Members): ReadonlyArray<unknown> => {
  if (_tag === 'AllReserved' && Array.isArray(reservations)) return reservations
  return _tag === 'Blocked' ? [answer] : []
}

/** Every answer to a single key: what was reserved of several keys, and which answer was in their way, are such too. */
export const singleAnswers = (useCase: string, value: unknown): ReadonlyArray<Members> =>
  answersIn(useCase, value)
    .filter(isMembers)
    .flatMap((answer) => [answer, ...within(answer).filter(isMembers)])

/** The record that an answer tells of: the one that stands, or the one that is over, or the answer itself. */
export const recordIn = (answer: Members): Members | undefined =>
  [answer['record'], answer['previous'], answer].find(
    (record): record is Members => isMembers(record) && typeof record['operation'] === 'string'
  )

export const textIn = (members: Members | undefined, name: string): string | undefined => {
  const value = members?.[name]
  return typeof value === 'string' ? value : undefined
}

/** From a reservation to its outcome, in seconds; undefined where there is none, or clocks disagree. */
export const secondsToComplete = (record: Members): number | undefined => {
  const { firstSeenAtMs, outcome } = record
  const completedAtMs = isMembers(outcome) ? outcome['completedAtMs'] : undefined
  if (typeof firstSeenAtMs !== 'number' || typeof completedAtMs !== 'number') return undefined
  return completedAtMs < firstSeenAtMs ? undefined : (completedAtMs - firstSeenAtMs) / 1000
}
