import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { TaskLedger } from '../../../application/ledger.ts'
import type { LedgerMessage, LedgerSubscription } from '../../../application/use-cases/subscribe.ts'
import { type Failure, invalidInput } from '../../../domain/failure.ts'
import type { Parsed } from '../../../domain/parsing/parsed.ts'
import { type Cli, type Shared, stopped } from '../cli.ts'
import { exit } from '../errors/exit-codes.ts'
import type { TailOptions } from '../options/tail.ts'
import { write } from '../terminal/write.ts'
import { tailLine } from './line.ts'

type Options = Shared & TailOptions

const subscriptionOf = (cli: Cli, options: Options): Parsed<LedgerSubscription> => {
  const { from, org, workspace, deployment, operation, type, strict } = options
  if ((org === undefined) !== (workspace === undefined) || (deployment !== undefined && org === undefined)) {
    return E.left(invalidInput('a tenant is named by --org and --workspace together'))
  }
  return E.right({
    ...(from !== 'start' && from !== 'end' && { after: from }),
    ...(org !== undefined &&
      workspace !== undefined && { tenant: { orgId: org, workspaceId: workspace, deploymentId: deployment } }),
    operation,
    eventTypes: type as LedgerSubscription['eventTypes'],
    signal: cli.signal,
    unreadable: strict === true ? 'fail' : 'tell'
  })
}

const unreadableLine = ({
  position,
  recordId,
  failure
}: Extract<LedgerMessage, { readonly _tag: 'Unreadable' }>): string =>
  `not read: ${recordId ?? 'an event'} at position ${position}: ${failure._tag}: ${failure.message}`

/** Whether to go on after a message. What was there before the end is passed over where it is to begin there. */
const shown = async (cli: Cli, options: Options, message: LedgerMessage, isPast: boolean): Promise<boolean> => {
  const { stdout, env } = cli.deps
  switch (message._tag) {
    case 'Checkpoint':
      return true
    case 'CaughtUp':
      return options.follow
    case 'Unreadable':
      if (!isPast) await cli.remark([unreadableLine(message)], exit.incomplete)
      return true
    case 'Event':
      return isPast || write(stdout, tailLine(message, { json: options.json ?? false, stdout, env }))
  }
}

/**
 * Writes events as they come, at the pace of whoever reads them, until it is stopped, nobody reads any more, or, where it
 * does not follow, until the end of the log.
 */
export const tail =
  (cli: Cli, ledger: Pick<TaskLedger, 'subscribe'>, options: Options): TaskEither<Failure, void> =>
  async () => {
    const wanted = subscriptionOf(cli, options)
    if (E.isLeft(wanted)) return wanted
    let isPast = options.from === 'end'
    for await (const message of ledger.subscribe(wanted.right)) {
      if (E.isLeft(message)) return message
      if (message.right._tag === 'CaughtUp') isPast = false
      if (!(await shown(cli, options, message.right, isPast))) return E.right(undefined)
    }
    // to be stopped is how one that follows ends
    return cli.signal.aborted && !options.follow ? E.left(stopped) : E.right(undefined)
  }
