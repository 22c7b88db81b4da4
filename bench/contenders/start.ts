import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { quoted } from '../../src/domain/text.ts'
import type { Contestant, Job, JobDone } from './contender.ts'

/** A contender in a process of its own. */
export type Started = {
  /** How long the calls took, ms. Throws where one of them had another answer than it should. */
  readonly run: (job: Job) => Promise<number>
  readonly stop: () => Promise<void>
}

const built = fileURLToPath(new URL('./contender-process.js', import.meta.url))

/** Starts the process that was built beside the benchmarks, or another build of it. */
export const startContender = (contestant: Contestant, program = built): Started => {
  const child = fork(program, [JSON.stringify(contestant)], { execArgv: ['--expose-gc'] })
  const ended = once(child, 'exit')
  return {
    run: async (job) => {
      const answer = once(child, 'message').then(([message]: ReadonlyArray<JobDone>) => message)
      const gone = ended.then((): JobDone => ({ failed: 'its process ended' }))
      // that it cannot be sent is told by the end of the process
      child.send(job, () => undefined)
      const said = (await Promise.race([answer, gone])) ?? { failed: 'it said nothing' }
      if ('failed' in said) throw new Error(`${contestant._tag}: ${quoted(said.failed)}`)
      return said.ms
    },
    stop: async () => {
      if (child.connected) child.disconnect()
      await ended
    }
  }
}
