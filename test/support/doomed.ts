import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { ThreadProgram } from '../../src/adapters/sqlite/worker/thread.ts'

export type Doom = {
  readonly how: 'exit' | 'throw' | 'grow'
  readonly moment: 'before' | 'COMMIT' | 'after'
  /** Made when it ends; whoever finds it does not. Left out, each one ends. */
  readonly done?: string
}

const program = pathToFileURL(resolve('test/support/doomed-thread.mjs')).href

/** A writer thread that ends at its work: before it looks at a group, at COMMIT, or after it, before anybody is told. */
export const doomed = (doom: Doom): ThreadProgram => {
  const text = `import { run } from ${JSON.stringify(program)}; await run(${JSON.stringify(doom)})`
  const url = new URL(`data:text/javascript,${encodeURIComponent(text)}`)
  return { url, ...(doom.how === 'grow' && { resourceLimits: { maxOldGenerationSizeMb: 24 } }) }
}
