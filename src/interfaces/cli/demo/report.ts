import { basename, relative } from 'node:path'
import type { CliDeps } from '../deps.ts'
import { timeline } from '../shape/describe.ts'
import { eventJson } from '../shape/json.ts'
import { headline, type Report, table, type View } from '../terminal/view.ts'
import { operation } from './delivery.ts'
import type { Seen } from './receive.ts'
import type { DemoResult, Pass } from './run-demo.ts'

const said: { readonly [seen in Seen]: string } = {
  processed: 'processed, and completed',
  'taken over': 'taken over after the lease, processed',
  replayed: 'duplicate: its first outcome',
  'same body': 'duplicate body: the outcome of it',
  conflict: 'conflict: not processed',
  'in flight': 'in flight: to come again'
}

const rowsFor = ({ what, answers }: Pass): ReadonlyArray<ReadonlyArray<string>> =>
  [...answers.entries()].map(([seen, count], index) => [index === 0 ? what : '', said[seen], String(count)])

const total = (passes: ReadonlyArray<Pass>, seen: Seen): number =>
  passes.reduce((sum, { answers }) => sum + (answers.get(seen) ?? 0), 0)

/** A word of a command line that a reader can paste into a shell. */
const word = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)

/** This program as its caller can call it again. */
const calledAs = ({ self }: CliDeps): string => {
  const [script = 'keyfold'] = self.args
  return basename(script) === 'keyfold' ? 'keyfold' : `node ${word(relative(process.cwd(), script))}`
}

const headlineFor = (file: string | undefined, processed: number): View =>
  headline(
    file === undefined
      ? `${processed} webhook deliveries processed, each once. Whatever came later was answered from memory.`
      : processed === 0
        ? `Answered from ${file}: an earlier run processed every delivery, and nothing was processed again.`
        : `${processed} webhook deliveries processed, each once. Whatever came later was answered from ${file}.`,
    'good'
  )

/** Where the ledger is, and how to look further: or what it takes to have it in a file. */
const closing = (file: string | undefined, further: ReadonlyArray<string>): ReadonlyArray<View> =>
  file === undefined
    ? [
        headline('This was in memory, since the package libsql cannot be loaded. In a SQLite file, and with a worker'),
        headline('that is killed at its work: npx -p keyfold -p libsql keyfold demo')
      ]
    : [
        headline(`The ledger is in ${file}: run this again, and it is answered from there. To look further:`),
        ...further.map((line) => headline(`  ${line}`, 'quiet'))
      ]

/** What the demo shows: what was seen, one key's timeline, the figures, and where to look further. */
export const demoReport = (deps: CliDeps, file: string | undefined, result: DemoResult): Report => {
  const { passes, deliveries, crashed, seconds, again, sameOutcome, lateRefused } = result
  const processed = total(passes, 'processed') + total(passes, 'taken over')
  const rate = Math.round(deliveries / seconds)
  const keyfold = calledAs(deps)
  const crashedKey = `--org github --workspace ${crashed.host} --operation ${operation.delivery} --key ${crashed.id}`
  const furtherIn = (store: string): ReadonlyArray<string> => [
    `${keyfold} history ${store} ${crashedKey}`,
    `${keyfold} list ${store} --operation ${operation.delivery} --limit 20`,
    `${keyfold} export ${store}`
  ]
  const further = file === undefined ? [] : furtherIn(`--store ${word(`sqlite:${file}`)}`)
  const json = {
    file: file ?? null,
    answered_from_file: processed === 0,
    passes: passes.map(({ what, answers }) => ({ what: what.trim(), answers: Object.fromEntries(answers) })),
    processed,
    redeliveries: again,
    redeliveries_answered_with_first_outcome: sameOutcome,
    worker_killed: result.killed,
    late_completions_refused: lateRefused,
    deliveries,
    body_bytes: result.bytes,
    seconds,
    deliveries_per_second: rate,
    timeline: {
      key: crashed.id,
      host: crashed.host,
      operation: operation.delivery,
      events: result.timeline.map(eventJson)
    },
    further
  }
  const replayed = `${sameOutcome} of ${again} redeliveries were answered with exactly the first outcome.`
  const late = `A worker was killed (SIGKILL) at its work. It came back too late: ${lateRefused} completions refused.`
  return {
    json,
    views: [
      headlineFor(file, processed),
      headline(''),
      table(['what arrived', 'what it was answered', 'how often'], passes.flatMap(rowsFor), true),
      headline(''),
      headline(replayed, sameOutcome === again ? 'quiet' : 'bad'),
      ...(result.killed ? [headline(late, 'quiet')] : []),
      headline(''),
      headline(`All that happened to delivery ${crashed.id} (${crashed.event}):`),
      headline(''),
      timeline(result.timeline, true),
      headline(''),
      headline(
        `${deliveries} deliveries in ${seconds.toFixed(2)} s, ${rate} a second${file === undefined ? '.' : '; no answer before it was durable.'}`
      ),
      ...closing(file, further)
    ]
  }
}
