import { type Command, InvalidArgumentError, Option } from 'commander'
import * as E from 'fp-ts/Either'
import { batchAnswerer } from '../batch.ts'
import { historyTable, json, recordTable } from '../output.ts'
import { fail, globalsOf, onLedger, printed } from '../run.ts'
import type { Tools } from '../tools.ts'

const units: { readonly [unit: string]: number } = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `30s`, `5m`, `250` (ms) or `none`. */
export const duration = (text: string): number | 'none' => {
  if (text === 'none') return text
  const [, digits = '', unit = 'ms'] = /^(\d+)(ms|s|m|h|d)?$/.exec(text) ?? []
  if (digits === '') throw new InvalidArgumentError('Give a length such as 30s, 5m, 250 (ms), or none.')
  return Number(digits) * (units[unit] ?? 1)
}

const whole = (text: string): number => {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Give a whole number of milliseconds.')
  return Number(text)
}

type Values = { readonly [name: string]: string | number | boolean | undefined }

const keyed = (command: Command): Command =>
  command
    .requiredOption('--org <id>', 'organisation of the tenant')
    .requiredOption('--workspace <id>', 'workspace of the tenant')
    .option('--deployment <id>', 'deployment of the tenant')
    .requiredOption('--operation <name>', 'what the key is for')
    .requiredOption('--key <key>', 'the idempotency key')

const claimed = (command: Command): Command =>
  command
    .requiredOption('--record-id <id>', 'record id of the claim')
    .requiredOption('--epoch <n>', 'epoch of the claim', whole)
    .requiredOption('--claim-id <id>', 'claim id of the claim')

const timed = (command: Command): Command =>
  command.option('--now <ms>', 'the time, epoch ms; the clock’s by default', whole)

const keyLine = (values: Values) => ({
  tenant: {
    org_id: values['org'],
    workspace_id: values['workspace'],
    deployment_id: values['deployment'],
    source: 'explicit'
  },
  operation: values['operation'],
  key: values['key']
})

const claimLine = (values: Values) => ({
  claim: { record_id: values['recordId'], epoch: values['epoch'], claim_id: values['claimId'] }
})

const outcomeLine = (values: Values, details: unknown) => ({
  outcome_kind: values['outcome'],
  completed_at_ms: values['completedAt'],
  details
})

/** Runs one line of the batch protocol: the commands say the same thing with flags instead of JSON. */
const answer = async (tools: Tools, command: Command, line: { readonly [name: string]: unknown }): Promise<void> => {
  const globals = globalsOf(command)
  await onLedger(tools, globals.store, async (ledger) => {
    const text = await batchAnswerer(tools, ledger)(JSON.stringify(line))
    const said = JSON.parse(text)
    if (said.error !== undefined) return E.left({ _tag: said.error.tag, message: said.error.message })
    if (globals.json || process.stdout.isTTY !== true) process.stdout.write(`${text}\n`)
    else process.stdout.write(`${JSON.stringify(said, null, 2)}\n`)
    return E.right(undefined)
  })
}

const detailsOf = (tools: Tools, values: Values): E.Either<true, unknown> => {
  if (typeof values['details'] !== 'string') return E.right(null)
  const parsed = tools.parseJson(values['details'])
  if (E.isRight(parsed)) return parsed
  fail(parsed.left)
  return E.left(true)
}

/** The commands on one key. */
export const keyCommands = (program: Command, tools: Tools): void => {
  timed(keyed(program.command('reserve').description('ask whether a request was seen before, and claim its key')))
    .requiredOption('--owner <name>', 'who asks')
    .requiredOption('--fingerprint <text>', 'fingerprint of the request')
    .requiredOption('--lease <length>', 'how long a crashed holder blocks the key: 30s, 5m, none', duration)
    .option('--expires-at <ms>', 'until when the answer is remembered, epoch ms', whole)
    .option('--claim-id <id>', 'retry one’s own reserve')
    .option('--event-id <id>', 'event that brought the request')
    .action((values: Values, command: Command) =>
      answer(tools, command, {
        op: 'reserve',
        ...keyLine(values),
        owner: values['owner'],
        request_fingerprint: values['fingerprint'],
        lease_ms: values['lease'] === 'none' ? undefined : values['lease'],
        expires_at_ms: values['expiresAt'],
        claim_id: values['claimId'],
        first_seen_event_id: values['eventId'],
        now_ms: values['now']
      })
    )
  timed(claimed(program.command('complete').description('store what came of the work, under its claim')))
    .requiredOption('--outcome <kind>', 'kind of the outcome')
    .option('--details <json>', 'details of the outcome, any JSON')
    .action(async (values: Values, command: Command) => {
      const details = detailsOf(tools, values)
      if (E.isLeft(details)) return
      await answer(tools, command, {
        op: 'complete',
        ...claimLine(values),
        outcome: outcomeLine(values, details.right),
        now_ms: values['now']
      })
    })
  timed(claimed(program.command('release').description('give a claim back')))
    .option('--note <text>', 'why')
    .action((values: Values, command: Command) =>
      answer(tools, command, { op: 'release', ...claimLine(values), note: values['note'], now_ms: values['now'] })
    )
  timed(claimed(program.command('renew').description('prolong the lease of a claim')))
    .addOption(new Option('--lease <length>', 'how long from now').argParser(duration).makeOptionMandatory())
    .action((values: Values, command: Command) =>
      answer(tools, command, { op: 'renew', ...claimLine(values), lease_ms: values['lease'], now_ms: values['now'] })
    )
  keyed(program.command('get').description('show the record of a key')).action((values: Values, command: Command) =>
    answer(tools, command, { op: 'get', ...keyLine(values) })
  )
  keyed(program.command('history').description('show every event of a key')).action(
    async (values: Values, command: Command) => {
      const globals = globalsOf(command)
      await onLedger(tools, globals.store, async (ledger) => {
        const entries = await ledger.history({
          tenant: {
            orgId: String(values['org']),
            workspaceId: String(values['workspace']),
            ...(values['deployment'] === undefined ? {} : { deploymentId: String(values['deployment']) })
          },
          operation: String(values['operation']),
          key: String(values['key'])
        })()
        return printed(entries, (all) => (globals.json ? json(all) : historyTable(all)))
      })
    }
  )
  program
    .command('list')
    .description('list the records of all held keys (a plain scan)')
    .option('--operation <name>', 'only this operation')
    .option('--owner <name>', 'only this owner')
    .addOption(new Option('--status <status>', 'only this status').choices(['reserved', 'completed', 'conflicted']))
    .action(async (values: { operation?: string; owner?: string; status?: 'reserved' }, command: Command) => {
      const globals = globalsOf(command)
      await onLedger(tools, globals.store, async (ledger) =>
        printed(await ledger.list(values)(), (records) =>
          globals.json ? json(records.map(tools.toFileRecord)) : recordTable(records)
        )
      )
    })
}
