import { type Program, type StartOptions, start } from '../support/child.ts'
import type { Answer, Order } from './store-child.ts'

/** A store in a process of its own. It goes with the test. */
export type StoreProcess = {
  readonly does: (order: Order) => Promise<string>
  readonly kill: () => Promise<void>
}

export const storeProcess = (
  program: Program,
  argument: {
    readonly file: string
    readonly uid?: number | undefined
    readonly busyTimeoutMs?: number
    readonly writer?: 'auto' | 'worker'
  },
  options: StartOptions = {}
): StoreProcess => {
  const child = start<Answer>(program, argument, options)
  let given = 0
  return {
    does: async (order) => {
      child.tell(order)
      const mine = ++given
      return (await child.hear((answer) => answer.order === mine)).said
    },
    kill: child.kill
  }
}
