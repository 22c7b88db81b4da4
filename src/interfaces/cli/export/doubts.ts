import { isInDoubt } from '../../../domain/due.ts'
import { type Failure, invalidInput } from '../../../domain/failure.ts'
import type { JsonObject } from '../../../domain/json.ts'
import type { IdempotencyRecord } from '../../../domain/record.ts'
import type { Cli } from '../cli.ts'
import { exit } from '../errors/exit-codes.ts'
import { some } from '../shape/scan-findings.ts'

/** The keys of an export whose doubt the file has no place for (SPEC section 12). */
export type Doubts = {
  /** For the JSON document, where there are any. */
  readonly json: () => JsonObject
  /** Names them on stderr, with exit code 3: what reads the file takes them for keys in flight. */
  readonly tell: (cli: Cli) => Promise<void>
  /** Why a strict export is none. */
  readonly fault: () => Failure | undefined
}

/** Gathers the keys in doubt among those that are to be exported. */
export const doubtsIn = (records: ReadonlyArray<IdempotencyRecord>): Doubts => {
  const doubts = some<string>()
  for (const record of records) if (isInDoubt(record)) doubts.add(record.recordId)
  return {
    json: () => (doubts.count() === 0 ? {} : { in_doubt: doubts.named, in_doubt_count: doubts.count() }),
    tell: async (cli) => {
      const lines = doubts.lines((recordId) => `in doubt: ${recordId} is written as in flight, without its doubt`)
      if (lines.length > 0) await cli.remark(lines, exit.incomplete)
    },
    fault: () => {
      const [first] = doubts.named
      return first === undefined
        ? undefined
        : invalidInput(`keys in doubt: ${doubts.count()}, which the file has no place for; the first is ${first}`)
    }
  }
}
