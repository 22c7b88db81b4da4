import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import { type Answer, held, type Items } from './held.ts'
import { type Step, stepsOf } from './steps.ts'

export type Webhooks = {
  readonly items: Items
  /** Whether the sender signed it. Nobody else writes to the store. */
  readonly isSigned: (signature: string, body: Buffer) => boolean
  /** Throws a `NothingHappened` where it is certain that nothing did. */
  readonly handle: (body: Buffer, step: Step) => Promise<void>
}

export class NothingHappened extends Error {}

/** 2xx: do not send it again. 4xx: the sender has to look. 5xx: send it again, it is not done yet, or not known to be. */
const statusOf: { readonly [answer in Answer<null>['_tag']]: number } = {
  Ran: 200,
  Replayed: 200,
  Failed: 200,
  Conflict: 422,
  InDoubt: 500,
  InFlight: 503,
  Released: 503,
  ClaimLost: 503,
  Unrecorded: 503
}

/** The body's key could not be had: that of the id is given back, and the sender is told why. */
class Blocked extends Error {
  readonly answer: Answer<null>
  constructor(answer: Answer<null>) {
    super(answer._tag)
    this.answer = answer
  }
}

const receive = async ({ items, handle }: Webhooks, id: string, body: Buffer): Promise<Answer<null>> => {
  const digest = createHash('sha256').update(body).digest('hex')
  const rules = { payload: digest, leaseMs: 30_000, retentionSeconds: 30 * 24 * 3600 }
  const byBody = {
    ...rules,
    operation: 'webhook.body',
    key: digest,
    onThrow: (error: unknown) => (error instanceof NothingHappened ? 'transient' : 'ambiguous')
  } as const
  let blocked: Answer<null> | undefined
  const byId = {
    ...rules,
    operation: 'webhook',
    key: id,
    onThrow: (error: unknown) => (error instanceof Blocked ? 'transient' : 'ambiguous')
  } as const
  const answer = await held(items, byId, async () => {
    const inner = await held(items, byBody, async (signal) => {
      await handle(body, stepsOf(items, byBody, signal))
      return null
    })
    if (inner._tag === 'Ran' || inner._tag === 'Replayed') return null
    blocked = inner
    throw new Blocked(inner)
  })
  return answer._tag === 'Released' && blocked !== undefined ? blocked : answer
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
  if (String(id).trim() === '' || Buffer.byteLength(String(id)) > 4096) return { status: 400 }
  try {
    const answer = await receive(webhooks, String(id).trim(), body)
    return { status: statusOf[answer._tag], ...(answer._tag === 'InFlight' && { retryAfterMs: answer.retryAfterMs }) }
  } catch {
    return { status: 503 }
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
