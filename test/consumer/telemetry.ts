// Telemetry around a ledger and a store, which stay what they were to whoever uses them.
import { createLedger, type EventStore, KeyfoldError, type Ledger } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import {
  instrumentLedger,
  instrumentStore,
  type LedgerTelemetryOptions,
  type ObservedProjections,
  observeProjections
} from 'keyfold/opentelemetry'
import { createProjections, openMemoryViews } from 'keyfold/projections'

const options: LedgerTelemetryOptions = { correlate: false, maxOperations: 10 }

const instrumented = (store: EventStore): Ledger => {
  const seen: EventStore = instrumentStore(store, { kind: 'memory' })
  return instrumentLedger(createLedger({ store: seen }), options)
}

export const run = async (): Promise<unknown> => {
  const ledger = instrumented(await openMemoryStore())
  const request = {
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'charge',
    key: 'order-1',
    owner: 'me',
    requestFingerprint: 'amount=10',
    lease: 30_000
  }
  const first = await ledger.reserve(request)
  const again = await ledger.taskEither.reserve(request)()
  const projections = createProjections({ store: await openMemoryStore(), views: await openMemoryViews() })
  const observed: ObservedProjections = observeProjections(projections, { names: ['key_index'], withinMs: 1000 })
  await observed.dispose()
  await projections.dispose()
  const refused: unknown = await ledger.reserve({ ...request, key: '' }).catch((cause: unknown) => cause)
  return [first._tag, again._tag === 'Right' && again.right._tag, refused instanceof KeyfoldError && refused.tag]
}
