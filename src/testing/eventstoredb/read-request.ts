import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import type { LoggedEvent } from './events.ts'
import { nameOf } from './messages.ts'

/** A revision or a position to read from. */
export type From = 'start' | 'end' | bigint

export type Filter = {
  readonly matches: (event: LoggedEvent) => boolean
  /** After so many considered events the position is told, whether any of them matched or not. */
  readonly checkpointEvery: number
}

export type ReadRequest = {
  /** Undefined for the whole log. */
  readonly stream: string | undefined
  readonly from: From
  readonly backwards: boolean
  readonly count: number
  readonly isSubscription: boolean
  readonly filter: Filter | undefined
}

const defaultWindow = 32

const fail = (message: string): never => {
  throw new Error(message)
}

type Expression = ReadReq.Options.FilterOptions.Expression

const testOf = (expression: Expression): ((text: string) => boolean) => {
  const regex = expression.getRegex()
  if (regex !== '') {
    const compiled = new RegExp(regex)
    return (text) => compiled.test(text)
  }
  const prefixes = expression.getPrefixList()
  return (text) => prefixes.some((prefix) => text.startsWith(prefix))
}

const filterIn = (options: ReadReq.Options.FilterOptions): Filter => {
  const byType = options.getEventType()
  const test = testOf(byType ?? options.getStreamIdentifier() ?? fail('a filter needs an expression'))
  const window = options.hasMax() ? options.getMax() : defaultWindow
  return {
    matches: byType === undefined ? ({ stream }) => test(stream) : ({ type }) => test(type),
    checkpointEvery: Math.max(1, window * options.getCheckpointintervalmultiplier())
  }
}

/**
 * What a position says of a log in which both parts of a position are one. Subscriptions begin behind it, but a prepare
 * position below the commit is before the event that lies there.
 */
const positionIn = (all: ReadReq.Options.AllOptions, isSubscription: boolean): string => {
  const position = all.getPosition()
  const commit = position?.getCommitPosition() ?? '0'
  const isBefore = isSubscription && BigInt(position?.getPreparePosition() ?? '0') < BigInt(commit)
  return isBefore ? String(BigInt(commit) - 1n) : commit
}

type Start = { hasStart(): boolean; hasEnd(): boolean }

const fromIn = (start: Start, exact: () => string): From => {
  if (start.hasStart()) return 'start'
  return start.hasEnd() ? 'end' : BigInt(exact())
}

/** Reads a request; throws where there is something in it that the server would refuse too. */
export const readRequest = (options: ReadReq.Options): ReadRequest => {
  const filter = options.getFilter()
  const rest = {
    backwards: options.getReadDirection() === 1,
    count: Number(options.getCount()),
    isSubscription: options.hasSubscription(),
    filter: filter && filterIn(filter)
  }
  const stream = options.getStream()
  if (stream !== undefined) {
    const name = nameOf(stream.getStreamIdentifier())
    return { ...rest, stream: name, from: fromIn(stream, () => stream.getRevision()) }
  }
  const all = options.getAll() ?? fail('a read needs a stream or the whole log')
  return { ...rest, stream: undefined, from: fromIn(all, () => positionIn(all, rest.isSubscription)) }
}
