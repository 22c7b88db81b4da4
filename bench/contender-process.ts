import process from 'node:process'
import type { Contender, Contestant, Job, JobDone } from './contenders/contender.ts'
import { keyfold } from './contenders/keyfold.ts'
import { callers, elapsed } from './harness/measure.ts'
import { nodeIdempotency } from './peers/node-idempotency.ts'
import { powertools } from './peers/powertools.ts'

// A contender in a process of its own: one's garbage is not collected in another's time, nor its code made slower by it.

const opened = (contestant: Contestant): Promise<Contender> => {
  switch (contestant._tag) {
    case 'Keyfold':
      return keyfold(contestant)
    case 'NodeIdempotency':
      return nodeIdempotency(contestant.url)
    case 'Powertools':
      return powertools(contestant.url)
  }
}

const contender = opened(JSON.parse(process.argv[2] ?? ''))

const done = async ({ kind, round, atOnce, total, keys }: Job): Promise<JobDone> => {
  try {
    const call = (await contender)[kind]
    // what the rounds of others left behind is not to be cleared up within this one
    globalThis.gc?.()
    return { ms: await elapsed(() => callers(atOnce, total, (index) => call(`${round}-${index % keys}`))) }
  } catch (error) {
    return { failed: error instanceof Error ? error.message : String(error) }
  }
}

// that it could not be opened is the answer to its first job
contender.catch(() => undefined)
process.on('message', async (job: Job) => process.send?.(await done(job)))
process.on('disconnect', async () => {
  try {
    await (await contender).close()
  } finally {
    process.exit(0)
  }
})
