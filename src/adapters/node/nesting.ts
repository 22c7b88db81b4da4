import { AsyncLocalStorage } from 'node:async_hooks'
import type { Nesting } from '../../application/ports/nesting.ts'

const marks = new AsyncLocalStorage<ReadonlyArray<object>>()

/** By the asynchronous context of Node. */
export const nodeNesting: Nesting = {
  within: (mark, run) => marks.run([...(marks.getStore() ?? []), mark], run),
  isWithin: (mark) => marks.getStore()?.includes(mark) ?? false
}
