import { quoted } from '../../../domain/text.ts'

/** What an error tells, whoever made it: a server may leave out any of it, or send anything in its place. */
export type Facts = {
  /** What kind the server, or the client, says it is; empty where it says none. */
  readonly type: string
  /** The status of the call. */
  readonly code: number | undefined
  readonly text: string
  /** The beginning of that, for a message. */
  readonly words: string
  readonly trailer: (key: string) => string | undefined
}

const property = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined

const trailerOf = (cause: unknown, key: string): string | undefined => {
  const metadata = property(cause, 'metadata')
  const get = property(metadata, 'get')
  const values: unknown = typeof get === 'function' ? get.call(metadata, key) : undefined
  return Array.isArray(values) && values[0] !== undefined ? String(values[0]) : undefined
}

/** More than this nobody looks at: a server may send any length, and not every search below is linear. */
const maxText = 1000

const firstText = (...candidates: ReadonlyArray<unknown>): string | undefined =>
  candidates.find((candidate): candidate is string => typeof candidate === 'string' && candidate !== '')

/**
 * Reads an error of gRPC's as it came off the wire, or one in the form of the client's. The client's own decoder is not
 * asked: it throws where a trailer is missing. Errors are told by `type` and `code`, never by class: a second copy of the
 * client has classes of its own.
 */
export const factsOf = (cause: unknown): Facts => {
  const raw = property(cause, '_raw') ?? cause
  const trailer = (key: string): string | undefined => trailerOf(raw, key)
  const code = property(cause, 'code')
  const given = firstText(property(cause, 'message'), property(cause, 'details')) ?? 'no reason given'
  const text = given.slice(0, maxText).replace(/[.\s]*Resolution note:\s*$/, '')
  return {
    type: firstText(property(cause, 'type'), trailer('exception')) ?? '',
    code: typeof code === 'number' ? code : undefined,
    text,
    words: quoted(text),
    trailer
  }
}

/** A whole number that a trailer holds, where it holds one that a number can be. */
export const numberIn = (text: string | undefined): number | undefined => {
  const number = /^\d{1,15}$/.test(text ?? '') ? Number(text) : Number.NaN
  return Number.isSafeInteger(number) ? number : undefined
}

/** No node of the cluster is there to be called: in the client's words, or since some were waited for in vain. */
export const notFound = (isSilent: boolean): Error =>
  isSilent
    ? Object.assign(new Error('the nodes of the cluster do not answer'), { type: 'nobody-answers' })
    : new Error('Failed to discover a node of the cluster that serves')

/** An answer that no server gives that speaks the protocol. */
export const nonsense = (what: string): Error => Object.assign(new Error(what), { type: 'nonsense' })
