import { describe, expect, it } from 'vitest'
import { startStandIn } from '../../../src/testing/eventstoredb.ts'

type Recording = { readonly url: string }

type Tools = {
  readonly recorded: (version: string) => Recording
  readonly record: (url: string, modules: string) => Promise<Recording>
  readonly compared: (
    a: Recording,
    b: Recording
  ) => { readonly answers: number; readonly differing: ReadonlyArray<string> }
}

// plain JavaScript, so that it can be held against any server
const tools: Tools = await import(new URL('./answers.mjs', import.meta.url).href)

/** Two recordings of one real server differ in 5 or 6: those of calls that race. The stand-in may in twice as many. */
const bound = 12

describe.concurrent('the stand-in against recordings of real servers', () => {
  it.each(['23.10.6', '24.6.0'])('answers as %s did, but for what is chance', { timeout: 600_000 }, async (version) => {
    const server = await startStandIn({ version })
    try {
      const played = await tools.record(`127.0.0.1:${server.port}`, '.')
      const { answers, differing } = tools.compared(tools.recorded(version), played)
      expect(answers).toBe(1963)
      expect(differing.length, differing.join('\n')).toBeLessThanOrEqual(bound)
    } finally {
      await server.stop()
    }
  })
})
