import { basename, relative } from 'node:path'
import type { CliDeps } from '../deps.ts'
import { timeline } from '../shape/describe.ts'
import { eventJson } from '../shape/json.ts'
import { headline, type Report, table } from '../terminal/view.ts'
import { operation } from './delivery.ts'
import type { Seen } from './receive.ts'
import type { DemoResult, Pass } from './run-demo.ts'

const said: { readonly [seen in Seen]: string } = {
  processed: 'processed, and completed with an outcome',
  'taken over': 'taken over from the killed worker after its lease, processed',
  replayed: 'duplicate: answered with the first outcome',
  'same body': 'duplicate: this body was processed under another id',
  conflict: 'conflict: the id was used for another body',
  'in flight': 'in flight: not acknowledged, to be sent again'
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

/** What the demo shows: what was seen, one key's timeline, the figures, and where to look further. */
export const demoReport = (deps: CliDeps, file: string, result: DemoResult): Report => {
  const { passes, deliveries, bytes, crashed, seconds } = result
  const processed = total(passes, 'processed') + total(passes, 'taken over')
  const rate = Math.round(deliveries / seconds)
  const keyfold = calledAs(deps)
  const store = `--store ${word(`sqlite:${file}`)}`
  const crashedKey = `--org github --workspace ${crashed.host} --operation ${operation.delivery} --key ${crashed.id}`
  const further = [
    `${keyfold} history ${store} ${crashedKey}`,
    `${keyfold} list ${store} --operation ${operation.delivery} --limit 20`,
    `${keyfold} export ${store}`
  ]
  const json = {
    file,
    answered_from_file: processed === 0,
    passes: passes.map(({ what, answers }) => ({ what, answers: Object.fromEntries(answers) })),
    processed,
    replays_equal_first_outcome: true,
    worker_killed: result.killed,
    late_completions_refused: result.lateRefused,
    deliveries,
    body_bytes: bytes,
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
  const late = `A worker process was killed (SIGKILL) at its work; its late completions of ${result.lateRefused} claims were refused.`
  return {
    json,
    views: [
      processed === 0
        ? headline(
            `Answered from ${file}: an earlier run processed every delivery, nothing was processed again.`,
            'good'
          )
        : headline(
            `${processed} webhook deliveries processed, each once; every later arrival was answered from ${file}.`,
            'good'
          ),
      headline(''),
      table(['what arrived', 'what it was answered', 'deliveries'], passes.flatMap(rowsFor), true),
      headline(''),
      headline('Every redelivery was answered with exactly the outcome of the first.', 'quiet'),
      ...(result.killed ? [headline(late, 'quiet')] : []),
      headline(`The timeline of delivery ${crashed.id} (${crashed.event}):`),
      headline(''),
      timeline(result.timeline, true),
      headline(''),
      headline(
        `${deliveries} deliveries in ${seconds.toFixed(2)} s: ${rate} a second, each answer durable before it was given.`
      ),
      headline(`The ledger is in ${file}; run this again and it is answered from there. To look further:`),
      ...further.map((line) => headline(`  ${line}`, 'quiet'))
    ]
  }
}
