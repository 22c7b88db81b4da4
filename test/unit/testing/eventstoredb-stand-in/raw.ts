import { onTestFinished } from 'vitest'
import type { StandIn, StandInOptions } from '../../../../src/testing/eventstoredb.ts'
import { standIn } from './world.ts'

type Place = { readonly commit: string; readonly prepare: string }

export type Item = {
  readonly event?: { readonly stream: string; readonly revision: string; readonly position: Place }
  readonly checkpoint?: Place
  readonly confirmation?: string
  readonly caughtUp?: true
}

/** One answer or many, as the wire has them. */
export type Answer = {
  readonly ok?: { readonly success?: { readonly revision: string; readonly position: Place } }
  readonly error?: {
    readonly code: number
    readonly details: string
    readonly trailers?: Readonly<Record<string, string>>
  }
  readonly received?: ReadonlyArray<Item>
  readonly ended?: { readonly code: number; readonly name: string }
  readonly timedOut?: true
}

type Condition = (items: ReadonlyArray<Item>) => boolean

export type Feed = {
  readonly step: (
    label: string,
    wait?: { readonly until?: Condition; readonly quietMs?: number; readonly maxMs?: number }
  ) => Promise<Answer & { readonly received: ReadonlyArray<Item> }>
  readonly cancel: () => void
}

type Event = { readonly id?: unknown }
type Part = {
  readonly correlation?: string
  readonly options?: { readonly stream?: string; readonly expected?: unknown; readonly deadlineMs?: number }
  readonly events?: ReadonlyArray<Event>
  readonly final?: boolean
}
type Filter = {
  readonly by: 'stream' | 'type'
  readonly prefixes?: ReadonlyArray<string>
  readonly regex?: string
  readonly max?: number
  readonly every?: number
}
export type From = 'start' | 'end' | Place | bigint
type ReadSpec = { readonly from: From; readonly backwards?: boolean; readonly count?: number; readonly filter?: Filter }

/** Calls as they are, of which the client would make something else. */
export type Raw = {
  readonly server: StandIn
  readonly event: (alias: string, options?: object) => Event
  readonly append: (stream: string, expected: unknown, events: ReadonlyArray<Event>) => Promise<Answer>
  readonly appendParts: (parts: ReadonlyArray<object>, options?: object) => Promise<Answer>
  readonly metadata: (stream: string, json: string, options?: object) => Promise<Answer>
  readonly remove: (kind: 'delete' | 'tombstone', stream: string, expected: unknown) => Promise<Answer>
  readonly readStream: (stream: string, spec: ReadSpec & { readonly control?: number }) => Promise<Answer>
  readonly readAll: (spec: ReadSpec) => Promise<Answer>
  readonly subscribeToAll: (from: From, filter?: Filter) => Feed
  readonly batch: () => Feed & { readonly send: (part: Part) => void; readonly end: () => void }
}

const folder = new URL('../../../conformance/eventstoredb/lib/', import.meta.url)
const load = (name: string) => import(new URL(`${name}.mjs`, folder).href)

/** The state of a leader in gossip. */
export const leading = 8

type Member = { readonly state: number; readonly alive: boolean; readonly endpoint: { readonly port: number } }

/** What the node on a port says of its cluster. */
export const gossipOf = async (port: number): Promise<ReadonlyArray<Member>> => {
  const [{ loadModules }, { openWire }, { requestsOf }, { answersOf }] = await Promise.all(
    ['modules', 'wire', 'requests', 'answers'].map(load)
  )
  const modules = loadModules('.')
  const wire = openWire(modules, { url: `127.0.0.1:${port}` })
  onTestFinished(() => wire.close())
  const { answer } = await wire.unary('gossip', 'read', requestsOf(modules).nothing(), answersOf(modules).gossip)
  return answer.ok.members
}

/** A stand-in, and calls on the wire to it. */
export const rawStandIn = async (options: StandInOptions = {}): Promise<Raw> => {
  const server = await standIn(options)
  const [{ loadModules }, { openWire }, { requestsOf }, { answersOf }, { stageOf }] = await Promise.all(
    ['modules', 'wire', 'requests', 'answers', 'stage'].map(load)
  )
  const modules = loadModules('.')
  const wire = openWire(modules, { url: `127.0.0.1:${server.port}` })
  onTestFinished(() => wire.close())
  const stage = stageOf({ wire, requests: requestsOf(modules), answers: answersOf(modules), token: 't', name: 'raw' })
  const label = 'call'
  return {
    server,
    event: stage.event,
    append: (stream, expected, events) => stage.append(label, stream, expected, events),
    appendParts: (parts, more) => stage.appendRaw(label, parts, more),
    metadata: (stream, json, more) => stage.metadata(label, stream, json, { alias: json, ...more }),
    remove: (kind, stream, expected) => stage[kind](label, stream, expected),
    readStream: (stream, spec) => stage.readStream(label, stream, spec),
    readAll: (spec) => stage.readAll(label, spec),
    subscribeToAll: (from, filter) => stage.subscribe(label, { all: true, from, ...(filter && { filter }) }),
    batch: () => stage.batch(label)
  }
}

export const place = (commit: bigint, prepare = commit): Place => ({ commit: String(commit), prepare: String(prepare) })

/** Where an append put its last event. */
export const positionOf = ({ ok }: Answer): bigint => BigInt(ok?.success?.position.commit ?? -1)

export const caughtUp: Condition = (items) => items.some((item) => item.caughtUp)
export const so =
  (many: number): Condition =>
  (items) =>
    items.length >= many

/** What a feed says, in short: events by their number, checkpoints by their position. */
export const told = (items: ReadonlyArray<Item>): ReadonlyArray<string> =>
  items.map(({ event, checkpoint, confirmation }) => {
    if (event !== undefined) return `${event.stream}/${event.revision}`
    if (checkpoint !== undefined) return `${checkpoint.commit}|${checkpoint.prepare}`
    return confirmation === undefined ? 'caught up' : 'confirmed'
  })
