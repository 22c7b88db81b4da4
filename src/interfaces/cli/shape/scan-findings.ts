import type { UnreadableStream } from '../../../application/stream/scan.ts'
import type { ListFilter } from '../../../application/use-cases/list.ts'
import type { JsonObject } from '../../../domain/json.ts'
import type { Cli } from '../cli.ts'
import { exit } from '../errors/exit-codes.ts'
import { failureJson } from './json.ts'

/** How many streams of a kind are named; the others are counted. */
const maxNamed = 100

/** The first of many, and how many there were. */
export const some = <A>() => {
  const named: Array<A> = []
  let count = 0
  return {
    add: (one: A): void => {
      count++
      if (named.length < maxNamed) named.push(one)
    },
    named,
    count: () => count,
    lines: (show: (one: A) => string): ReadonlyArray<string> => [
      ...named.map(show),
      ...(count > named.length ? [`… and ${count - named.length} more`] : [])
    ]
  }
}

const revisionOf = ({ revision }: UnreadableStream): string => (revision === undefined ? '' : `, revision ${revision}`)

export const unreadableLine = (stream: UnreadableStream): string =>
  `not read: ${stream.recordId}${revisionOf(stream)}: ${stream.failure._tag}: ${stream.failure.message}`

export const unreadableJson = ({ recordId, stream, revision, failure }: UnreadableStream): JsonObject => ({
  record_id: recordId,
  stream,
  ...(revision === undefined ? {} : { revision: Number(revision) }),
  ...failureJson(failure)
})

/** What a scan of the ledger came across beside records. */
export type ScanFindings = {
  readonly filter: Pick<ListFilter, 'onUnreadable' | 'onForeign'>
  /** For the JSON document, where there is something to say. */
  readonly json: () => JsonObject
  /** Names it on stderr. A stream that could not be read makes the exit code 3; a foreign one does not. */
  readonly tell: (cli: Cli) => Promise<void>
}

/** Gathers what a scan comes across. A strict one is not told of streams that cannot be read: it fails instead. */
export const scanFindings = (strict: boolean): ScanFindings => {
  const unreadable = some<UnreadableStream>()
  const foreign = some<string>()
  return {
    filter: { ...(strict ? {} : { onUnreadable: unreadable.add }), onForeign: foreign.add },
    json: () =>
      unreadable.count() === 0
        ? {}
        : { unreadable: unreadable.named.map(unreadableJson), unreadable_count: unreadable.count() },
    tell: async (cli) => {
      const lines = [
        ...foreign.lines((stream) => `skipped: ${stream} is no stream of the ledger`),
        ...unreadable.lines(unreadableLine)
      ]
      if (lines.length > 0) await cli.remark(lines, unreadable.count() > 0 ? exit.incomplete : undefined)
    }
  }
}
