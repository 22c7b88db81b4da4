import { CloudEvent, type CloudEventV1, HTTP, type Message } from 'cloudevents'
import { jsonFingerprint, KeyfoldError, type OnceAnswer, type OnceLedger, once, type TaskContext } from 'keyfold'

type Handle = (event: CloudEventV1<unknown>, context: TaskContext) => Promise<void>

/** 2xx: it need not come again. 4xx: it is not what it should be. 5xx: it must come again. */
const statusOf: { readonly [answer in OnceAnswer<void>['_tag']]: number } = {
  Ran: 204,
  Replayed: 204,
  Failed: 204,
  ReplayedFailure: 204,
  Conflict: 422,
  Gone: 422,
  InDoubt: 500,
  InFlight: 503,
  Released: 503,
  LeftToLapse: 503,
  ClaimLost: 503,
  Unrecorded: 503
}

/** The SDK gives an event without an id a random one, by which nobody could tell that it came again. */
const haveIds = ({ headers, body }: Message): boolean =>
  'ce-id' in headers || [JSON.parse(String(body))].flat().every((event) => Boolean(event?.id))

const consume = async (ledger: OnceLedger, event: CloudEventV1<unknown>, handle: Handle): Promise<number> => {
  const { source, id, type, subject = null, data_base64, data = null } = event
  const answer = await once(ledger, {
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'cloudevent',
    // the two together name an event; as JSON, since joined they could be those of another pair
    key: JSON.stringify([source, id]),
    // no extensions and no time: tracing changes the ones on the way, and the SDK makes the other up
    requestFingerprint: jsonFingerprint({ type, subject, data: data_base64 ?? data }),
    firstSeenEventId: id,
    owner: `events ${process.pid}`,
    lease: 30_000,
    onThrow: 'ambiguous'
  })((context) => handle(event, context))
  return statusOf[answer._tag]
}

const eventsIn = (message: Message): ReadonlyArray<CloudEventV1<unknown>> | undefined => {
  try {
    const events = [HTTP.toEvent<unknown>(message)].flat()
    return haveIds(message) && events.every((event) => event instanceof CloudEvent && event.validate())
      ? events
      : undefined
  } catch {
    return undefined
  }
}

/** Consumes what an HTTP request brought, one event or a batch; gives the status to reply with. */
export const consumeMessage = async (ledger: OnceLedger, message: Message, handle: Handle): Promise<number> => {
  const events = eventsIn(message)
  if (events === undefined) return 400
  try {
    const statuses = []
    for (const event of events) statuses.push(await consume(ledger, event, handle))
    // a batch is done when all of it is: what was done already is not done again
    return Math.max(204, ...statuses)
  } catch (error) {
    // source and id that cannot be a key, or a ledger that cannot answer: nothing ran
    return error instanceof KeyfoldError && ['InvalidInput', 'LimitExceeded'].includes(error.tag) ? 400 : 503
  }
}
