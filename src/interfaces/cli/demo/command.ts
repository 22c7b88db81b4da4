import { resolve } from 'node:path'
import type { Command } from 'commander'
import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../../domain/failure.ts'
import { historyTable, json, table } from '../output.ts'
import { fail, globalsOf, onLedger } from '../run.ts'
import type { Tools } from '../tools.ts'
import { takeOverCrashed } from './crash.ts'
import { type Delivery, readDeliveries } from './deliveries.ts'
import { operation, receive, type Seen, tenantOf } from './receive.ts'

const atOnce = 64
/** Every so many deliveries one is tampered with, and one comes under another id. */
const sample = 10

/** Runs the work on every item, some at a time; the first failure ends it. */
const eachOf = async <A, B>(
  items: ReadonlyArray<A>,
  work: (item: A) => Promise<E.Either<Failure, B>>
): Promise<E.Either<Failure, ReadonlyArray<B>>> => {
  const results: Array<B> = []
  let next = 0
  let failed: E.Left<Failure> | undefined
  const worker = async (): Promise<void> => {
    for (let index = next++; index < items.length && failed === undefined; index = next++) {
      const item = items[index]
      if (item === undefined) return
      const result = await work(item)
      if (E.isLeft(result)) failed = result
      else results[index] = result.right
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return failed ?? E.right(results)
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export const demoCommand = (program: Command, tools: Tools): void => {
  program
    .command('demo')
    .description('ingest real GitHub webhook deliveries through the ledger, with redeliveries, tampering and a crash')
    .option('--file <file>', 'the SQLite file to use', 'keyfold-demo.db')
    .action(async (values: { file: string }, command: Command) => {
      const hash = (parts: ReadonlyArray<string>): string =>
        E.getOrElse<Failure, string>(({ message }) => message)(tools.fingerprint(parts))
      const deliveries = readDeliveries((parts) => hash(parts).replace('sha256:', ''))
      if (E.isLeft(deliveries)) return fail(deliveries.left)
      const file = resolve(values.file)
      const store = `sqlite:${file}`
      await onLedger(tools, store, async (ledger) => {
        const take = receive(ledger, hash)
        const started = performance.now()
        const all = deliveries.right
        const sampled = all.filter((_, index) => index % sample === 0)
        const first = await eachOf(all, take)
        if (E.isLeft(first)) return first
        const again = await eachOf(all, take)
        if (E.isLeft(again)) return again
        const changed = first.right.some((one, index) => {
          const { outcome } = again.right[index] ?? {}
          return one.outcome !== undefined && !same(one.outcome, outcome)
        })
        if (changed) return E.left(failure('CorruptStream', 'a redelivery was not answered with the first outcome'))
        const tampered = await eachOf(
          sampled.map((one): Delivery => ({ ...one, body: one.body.replace('{', '{"tampered":true,') })),
          take
        )
        if (E.isLeft(tampered)) return tampered
        const renamed = await eachOf(
          sampled.map((one): Delivery => ({ ...one, id: `${one.id.slice(0, -4)}ffff` })),
          take
        )
        if (E.isLeft(renamed)) return renamed
        const crashed = await takeOverCrashed(ledger, process.argv[1] ?? '', store)
        if (E.isLeft(crashed)) return crashed
        const seconds = (performance.now() - started) / 1000
        const received = [...first.right, ...again.right, ...tampered.right, ...renamed.right]
        const counts = new Map<Seen, number>()
        for (const { seen } of received) counts.set(seen, (counts.get(seen) ?? 0) + 1)
        const [example] = sampled
        if (example === undefined) return E.left(failure('InvalidInput', 'there are no deliveries'))
        const timeline = await ledger.history({
          tenant: tenantOf(example),
          operation: operation.delivery,
          key: example.id
        })()
        if (E.isLeft(timeline)) return timeline
        const rate = Math.round(received.length / seconds)
        const processed = counts.get('processed') ?? 0
        if (globalsOf(command).json) {
          const summary = { deliveries: received.length, seen: Object.fromEntries(counts), crashed: crashed.right }
          process.stdout.write(json({ ...summary, seconds, rate, file, timeline: timeline.right }))
          return E.right(undefined)
        }
        process.stdout.write(
          `${table(['what was seen', 'deliveries'], [...counts.entries()])}\n` +
            `A worker was killed while it held a key: after its lease the key was ${crashed.right}.\n` +
            `${received.length} deliveries in ${seconds.toFixed(1)} s: ${rate} a second, each answer durable.\n` +
            `${processed === 0 ? 'Nothing was processed again: every answer came from the file.\n' : ''}\n` +
            `The timeline of delivery ${example.id}:\n${historyTable(timeline.right)}\n` +
            `The ledger is in ${file}; run this again and it is answered from there. Look further with\n` +
            `  keyfold --store ${store} list --operation ${operation.delivery}\n` +
            `  keyfold --store ${store} history --org github --workspace ${example.host} ` +
            `--operation ${operation.delivery} --key ${example.id}\n`
        )
        return E.right(undefined)
      })
    })
}
