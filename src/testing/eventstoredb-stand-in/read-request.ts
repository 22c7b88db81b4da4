import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js'
import type { From } from './calls.ts'
import { dotNetRegex } from './dotnet-regex.ts'
import type { LoggedEvent } from './events.ts'
import { nameOf, signed } from './messages.ts'
import type { Problem } from './rpc-error.ts'
import { isHiddenInAll } from './system-records.ts'
import type { Behaviour } from './versions.ts'

/** A position of the log, as the server reads it: -1 for the largest number. */
export type Position = { readonly commit: bigint; readonly prepare: bigint }

export type Filter = {
  readonly matches: (event: LoggedEvent) => boolean
  /** How many events one page of history considers at most. */
  readonly window: number
  /** After so many considered events a subscription is told where it is. */
  readonly interval: number
}

type How = {
  /** Whether links are followed. */
  readonly resolveLinks: boolean
  /** How ids are written; undefined where the request does not say. */
  readonly ids: 'text' | 'halves' | undefined
  readonly compatibility: number
}

export type StreamRequest = How & { readonly stream: string; readonly from: From }
export type AllRequest = How & { readonly from: 'start' | 'end' | Position; readonly filter: Filter | undefined }
export type Bounds = { readonly backwards: boolean; readonly count: bigint }

export type ReadRequest =
  | ({ readonly _tag: 'ReadStream' } & StreamRequest & Bounds)
  | ({ readonly _tag: 'ReadAll' } & AllRequest & Bounds)
  | ({ readonly _tag: 'SubscribeToStream' } & StreamRequest)
  | ({ readonly _tag: 'SubscribeToAll' } & AllRequest)

/** What a read is about, whether it can be served or not. */
export type ReadSubject = { readonly rpc: 'read' | 'subscribe'; readonly stream: string; readonly from?: From }

type Refused = { readonly problem: Problem | 'nothing' }

const refused = (problem: Problem | 'nothing'): Refused => ({ problem })

type Start = { hasStart(): boolean; hasEnd(): boolean }

const startOf = <Exact>(start: Start, hasExact: boolean, exact: () => Exact): 'start' | 'end' | Exact | undefined => {
  if (start.hasStart()) return 'start'
  if (start.hasEnd()) return 'end'
  return hasExact ? exact() : undefined
}

const defaultWindow = 32

type FilterOptions = ReadReq.Options.FilterOptions

const testOf = (expression: ReadReq.Options.FilterOptions.Expression): ((text: string) => boolean) | undefined => {
  const regex = expression.getRegex()
  const prefixes = expression.getPrefixList()
  if (regex === '') return (text) => prefixes.some((prefix) => text.startsWith(prefix))
  const compiled = dotNetRegex(regex)
  return compiled && ((text) => compiled.test(text))
}

const filterIn = (options: FilterOptions): Filter | Refused => {
  const byType = options.getEventType()
  const expression = byType ?? options.getStreamIdentifier()
  if (expression === undefined) return refused('invalidArgument')
  const test = testOf(expression)
  if (test === undefined) return refused('unknown')
  if (!options.hasMax() && !options.hasCount()) return refused('invalidArgument')
  const window = options.hasMax() ? options.getMax() : defaultWindow
  const isMeant =
    byType === undefined ? ({ stream }: LoggedEvent) => test(stream) : ({ type }: LoggedEvent) => test(type)
  return {
    matches: (event) => !isHiddenInAll(event.stream) && isMeant(event),
    window,
    // as 32 bits without a sign
    interval: Math.imul(window, options.getCheckpointintervalmultiplier()) >>> 0
  }
}

const idsIn = (options: ReadReq.Options): How['ids'] => {
  const option = options.getUuidOption()
  return option && (option.hasString() ? 'text' : 'halves')
}

const positionIn = (all: ReadReq.Options.AllOptions): Position | Refused => {
  const given = all.getPosition()
  const [commit = '0', prepare = '0'] = [given?.getCommitPosition(), given?.getPreparePosition()]
  const position = { commit: signed(commit), prepare: signed(prepare) }
  if (BigInt(commit) < BigInt(prepare) || position.commit === undefined || position.prepare === undefined) {
    return refused('unknown')
  }
  return { commit: position.commit, prepare: position.prepare }
}

/** Whether a request was refused. */
export const isRefused = (value: unknown): value is Refused =>
  typeof value === 'object' && value !== null && 'problem' in value

const aboutStream = (stream: ReadReq.Options.StreamOptions, how: How, nowhere: Refused): StreamRequest | Refused => {
  const from = startOf(stream, stream.hasRevision(), () => signed(stream.getRevision()) ?? refused('unknown'))
  if (from === undefined) return nowhere
  if (isRefused(from)) return from
  return { ...how, stream: nameOf(stream.getStreamIdentifier()), from: from === -1n ? 'end' : from }
}

const aboutAll = (
  all: ReadReq.Options.AllOptions,
  filterOptions: FilterOptions | undefined,
  how: How,
  nowhere: Refused
): AllRequest | Refused => {
  const from = startOf(all, all.hasPosition(), () => positionIn(all))
  if (from === undefined) return nowhere
  if (isRefused(from)) return from
  const filter = filterOptions && filterIn(filterOptions)
  if (isRefused(filter)) return filter
  const isEnd = typeof from === 'object' && from.commit === -1n && from.prepare === -1n
  return { ...how, from: isEnd ? 'end' : from, filter }
}

/** Reads a request in the order in which the server does: the first thing that is wrong is what it tells. */
export const readRequest = (options: ReadReq.Options | undefined, behaviour: Behaviour): ReadRequest | Refused => {
  if (options === undefined) return refused('unknown')
  const ids = idsIn(options)
  if (ids === undefined && behaviour.needsIdOption) return refused('invalidArgument')
  const [stream, all] = [options.getStream(), options.getAll()]
  if (stream === undefined && all === undefined) return refused('invalidArgument')
  const [filter, isSubscription] = [options.getFilter(), options.hasSubscription()]
  const backwards = options.getReadDirection() === 1
  const fits =
    (filter !== undefined ? stream === undefined : options.hasNoFilter()) &&
    (isSubscription ? !backwards : options.hasCount())
  if (!fits) return refused('invalidArgument')
  const bounds: Bounds = { backwards, count: BigInt(options.getCount()) }
  const compatibility = options.getControlOption()?.getCompatibility() ?? 0
  const how: How = { resolveLinks: options.getResolveLinks(), ids, compatibility }
  const nowhere = refused(behaviour.emptyFromNowhere ? 'nothing' : 'unknown')
  if (stream !== undefined) {
    const request = aboutStream(stream, how, nowhere)
    if (isRefused(request)) return request
    return isSubscription ? { _tag: 'SubscribeToStream', ...request } : { _tag: 'ReadStream', ...request, ...bounds }
  }
  if (all === undefined) return refused('invalidArgument')
  const request = aboutAll(all, filter, how, nowhere)
  if (isRefused(request)) return request
  if (!isSubscription) return { _tag: 'ReadAll', ...request, ...bounds }
  return filter?.getCheckpointintervalmultiplier() === 0 ? refused('unknown') : { _tag: 'SubscribeToAll', ...request }
}

/** What is written down of a request. */
export const subjectOf = (options: ReadReq.Options | undefined, request: ReadRequest | Refused): ReadSubject => {
  const stream = options?.getStream()
  const about: ReadSubject = {
    rpc: options?.hasSubscription() ? 'subscribe' : 'read',
    stream: stream === undefined ? '$all' : nameOf(stream.getStreamIdentifier())
  }
  if (isRefused(request)) return about
  const { from } = request
  return { ...about, from: typeof from === 'object' ? from.commit : from }
}
