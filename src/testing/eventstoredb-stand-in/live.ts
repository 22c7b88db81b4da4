import type { LoggedEvent } from './events.ts'
import type { LogView } from './log-view.ts'
import { logOf, type Node } from './node.ts'
import type { Outgoing } from './outgoing.ts'

/** What a live subscription does about an event that is indexed; false ends it. */
export type Pass = (event: LoggedEvent) => boolean | Promise<boolean>

type Feed = {
  /** The number of the events in `events` that are not live any more. */
  readonly begin: number
  readonly events: (log: LogView) => ReadonlyArray<LoggedEvent>
  readonly count: (log: LogView) => number
}

/** Goes on with what is indexed from then on, until nobody listens. */
export const goLive = async (node: Node, out: Outgoing, { begin, events, count }: Feed, pass: Pass): Promise<void> => {
  const { endsLaggingBy = Infinity } = node.quirks
  let cursor = begin
  const forget = node.cluster.log.onIndexed(() => {
    if (count(logOf(node)) - cursor > endsLaggingBy) out.fail('slowConsumer')
    out.wake()
  })
  try {
    for (;;) {
      const log = logOf(node)
      const event = cursor < count(log) ? events(log)[cursor] : undefined
      if (event === undefined) {
        if (!(await out.sleep())) return
        continue
      }
      cursor++
      if (!(await pass(event))) return
    }
  } finally {
    forget()
  }
}
