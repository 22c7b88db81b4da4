import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { KeyfoldError, type OnceAllLedger, type OnceAnswer, once, onceAll, type TaskContext } from 'keyfold'

export type Webhooks = {
  readonly ledger: OnceAllLedger
  /** Whether the sender signed it. Nobody else writes to the ledger. */
  readonly isSigned: (signature: string, body: Buffer) => boolean
  /** Throws a `NothingHappened` where it is certain that nothing did. */
  readonly handle: (body: Buffer, context: TaskContext) => Promise<void>
}

export class NothingHappened extends Error {}

/** 2xx: do not send it again. 4xx: the sender has to look. 5xx: send it again, it is not done yet, or not known to be. */
const statusOf: { readonly [answer in OnceAnswer<void>['_tag']]: number } = {
  Ran: 200,
  Replayed: 200,
  Failed: 200,
  ReplayedFailure: 200,
  Conflict: 422,
  Gone: 422,
  InDoubt: 500,
  InFlight: 503,
  Released: 503,
  LeftToLapse: 503,
  ClaimLost: 503,
  Unrecorded: 503
}

const receive = async ({ ledger, handle }: Webhooks, id: string, body: Buffer) => {
  const digest = createHash('sha256').update(body).digest('hex')
  const key = { tenant: { orgId: 'acme', workspaceId: 'shop' }, requestFingerprint: digest }
  const byId = { ...key, operation: 'webhook', key: id }
  const byBody = { ...key, operation: 'webhook.body', key: digest }
  const rules = {
    owner: `webhooks ${process.pid}`,
    lease: 30_000,
    retentionMs: 30 * 24 * 3_600_000,
    onThrow: (error: unknown) => (error instanceof NothingHappened ? 'transient' : 'ambiguous')
  } as const
  const answer = await onceAll(ledger, { ...rules, keys: [byId, byBody] })((context) => handle(body, context))
  // done under another id, or by a worker that died before it could say so under this one
  if (answer._tag === 'Replayed' && answer.blocked?.index === 1) await once(ledger, { ...byId, ...rules })(() => {})
  return answer
}

const maxBytes = 5 * 1024 * 1024

const bodyOf = async (request: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Array<Buffer> = []
  let bytes = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    bytes += chunk.length
    if (bytes > maxBytes) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

type Reply = { readonly status: number; readonly retryAfterMs?: number | undefined }

const replyTo = async (webhooks: Webhooks, request: IncomingMessage): Promise<Reply> => {
  const body = await bodyOf(request)
  if (body === undefined) return { status: 413 }
  const { 'x-signature': signature = '', 'x-delivery-id': id = '' } = request.headers
  if (!webhooks.isSigned(String(signature), body)) return { status: 401 }
  try {
    const answer = await receive(webhooks, String(id), body)
    return { status: statusOf[answer._tag], ...(answer._tag === 'InFlight' && { retryAfterMs: answer.retryAfterMs }) }
  } catch (error) {
    // an id that cannot be a key is the sender's fault; a ledger that cannot answer is ours, and nothing ran
    const isTheirs = error instanceof KeyfoldError && (error.tag === 'InvalidInput' || error.tag === 'LimitExceeded')
    return { status: isTheirs ? 400 : 503 }
  }
}

export const webhookServer = (webhooks: Webhooks) =>
  createServer(async (request, response) => {
    // a body that broke off has nobody who would read the reply
    const { status, retryAfterMs } = await replyTo(webhooks, request).catch((): Reply => ({ status: 400 }))
    if (status === 413) response.setHeader('connection', 'close')
    if (retryAfterMs !== undefined) response.setHeader('retry-after', Math.ceil(retryAfterMs / 1000))
    response.writeHead(status).end()
  })
