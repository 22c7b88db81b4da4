/** What tracers and meters are asked for by. */
export const scope = 'keyfold'

/** Every attribute that is set, on spans or metrics (docs/reference/telemetry.md: stable). */
export const attribute = {
  useCase: 'keyfold.use_case',
  answer: 'keyfold.answer',
  operation: 'keyfold.operation',
  replayed: 'keyfold.replayed',
  takeover: 'keyfold.takeover',
  /** On spans only: there are as many as keys. */
  recordId: 'keyfold.record_id',
  storeKind: 'keyfold.store.kind',
  storeCall: 'keyfold.store.call',
  appendResult: 'keyfold.append.result',
  projection: 'keyfold.projection.name',
  partition: 'keyfold.projection.partition',
  /** OpenTelemetry's own name for what an operation failed with. */
  errorType: 'error.type'
} as const

/** What OpenTelemetry writes where a value is none of those that are told apart. */
export const other = '_OTHER'

export type Instrument = {
  readonly kind: 'counter' | 'upDownCounter' | 'histogram'
  readonly name: string
  /** In UCUM. */
  readonly unit: string
  readonly description: string
  /** Of a histogram: where its buckets end. */
  readonly boundaries?: Array<number>
}

const counter = (name: string, unit: string, description: string): Instrument => ({
  kind: 'counter',
  name,
  unit,
  description
})

const seconds = (name: string, description: string, boundaries: Array<number>): Instrument => ({
  kind: 'histogram',
  name,
  unit: 's',
  description,
  boundaries
})

/** Those that OpenTelemetry's conventions advise for calls of a database. */
const ofCalls = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10]

/** For work and waits of other systems: from what a cache answers to what a person does. */
const ofWork = [0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400]

export const ledgerInstruments = {
  duration: seconds('keyfold.use_case.duration', 'How long callers waited for the ledger.', ofCalls),
  answers: counter('keyfold.answers', '{answer}', 'What use cases answered.'),
  failures: counter('keyfold.failures', '{failure}', 'Use cases that failed.'),
  takeovers: counter('keyfold.takeovers', '{takeover}', 'Keys granted whose earlier holder may have acted.'),
  renewals: counter('keyfold.renewals', '{renewal}', 'Leases prolonged.'),
  lostClaims: counter('keyfold.claims.lost', '{claim}', 'Answers that a claim is over.'),
  unrecorded: counter('keyfold.sightings.unrecorded', '{sighting}', 'Duplicates and conflicts not recorded.'),
  waits: counter('keyfold.waits', '{wait}', 'Waits for the outcome of another holder that ended.'),
  waitDuration: seconds('keyfold.wait.duration', 'How long callers waited for an outcome.', ofWork),
  timeToComplete: seconds('keyfold.time_to_complete', 'From a reservation to its outcome.', ofWork)
} as const satisfies { readonly [name: string]: Instrument }

export const storeInstruments = {
  duration: seconds('keyfold.store.call.duration', 'How long the store took to answer.', ofCalls),
  conflicts: counter('keyfold.store.append.conflicts', '{conflict}', 'Appends that met another revision.'),
  doubts: counter('keyfold.store.append.doubts', '{append}', 'Appends of which nobody knows what they did.'),
  doubtsResolved: counter('keyfold.store.append.doubts_resolved', '{append}', 'Those of them that were written.'),
  subscriptions: {
    kind: 'upDownCounter',
    name: 'keyfold.store.subscriptions',
    unit: '{subscription}',
    description: 'Subscriptions that are open.'
  },
  subscriptionEvents: counter('keyfold.store.subscription.events', '{event}', 'Events that subscriptions delivered.')
} as const satisfies { readonly [name: string]: Instrument }

export const projectionInstruments = {
  failures: counter('keyfold.projection.failures', '{failure}', 'Looks at the health of a view that failed.')
} as const satisfies { readonly [name: string]: Instrument }

/** What is looked at when it is collected, and at no other time. */
export type Gauge = Pick<Instrument, 'name' | 'unit' | 'description'>

const gauge = (name: string, unit: string, description: string): Gauge => ({ name, unit, description })

export const partitionGauges = {
  position: gauge('keyfold.projection.position', '{position}', 'How far the log was read.'),
  events: gauge('keyfold.projection.events', '{event}', 'Events that were taken in.'),
  lagEvents: gauge('keyfold.projection.lag.events', '{event}', 'Events that were not taken in yet.'),
  lagSeconds: gauge('keyfold.projection.lag.duration', 's', 'How long ago the oldest of these was recorded.'),
  rate: gauge('keyfold.projection.rate', '{event}/s', 'Events a second in the last batches.')
} as const satisfies { readonly [name: string]: Gauge }

export const viewGauges = {
  parkedKeys: gauge('keyfold.projection.parked.keys', '{key}', 'Keys that wait for an operator.'),
  waitingEvents: gauge('keyfold.projection.parked.events', '{event}', 'Events that wait in these keys.')
} as const satisfies { readonly [name: string]: Gauge }
