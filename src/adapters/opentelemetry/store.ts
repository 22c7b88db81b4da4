import type { Attributes } from '@opentelemetry/api'
import * as E from 'fp-ts/Either'
import { asyncDisposable } from '../../application/ports/async-disposable.ts'
import type { AppendFailure, EventStore, OpenedStore } from '../../application/ports/event-store.ts'
import { RecordId, recordIdIn } from '../../domain/identity.ts'
import { appendConclusions } from './appends.ts'
import { measuresOf } from './measures.ts'
import { attribute, other, storeInstruments } from './names.ts'
import type { StoreTelemetryOptions } from './options.ts'
import { quietly } from './quietly.ts'
import { type Ending, inSpan, kindOf } from './span.ts'
import { countedSubscribe } from './subscription.ts'

type Call<F, A> = {
  readonly call: string
  readonly stream?: string | undefined
  readonly work: () => Promise<E.Either<F, A>>
  readonly conclude: (result: E.Either<F, A>) => Ending
}

/** The key that a stream is of; a stream of others is not named. Streams are judged by the store, not here. */
const recordIdOf = (stream: unknown): Attributes => {
  const recordId = typeof stream === 'string' ? recordIdIn(stream) : undefined
  return RecordId.is(recordId) ? { [attribute.recordId]: recordId } : {}
}

const ofRead = (result: E.Either<NonNullable<Ending['failed']>, unknown>): Ending =>
  E.isLeft(result) ? { attributes: {}, failed: result.left } : { attributes: {} }

/** What only some stores have: all of it, so that what is added to the port is not lost here in silence. */
type Optional = {
  readonly [K in Exclude<keyof EventStore, 'append' | 'readStream' | 'readAll' | 'subscribe' | 'dispose'>]-?:
    | EventStore[K]
    | undefined
}

/** Adds to a view what the store has. What is hidden there is hidden here: a view of ours by spread must not have it either. */
const withOptional = (view: OpenedStore, store: EventStore, optional: Optional): OpenedStore => {
  for (const [name, value] of Object.entries(optional)) {
    if (value === undefined) continue
    const enumerable = Object.getOwnPropertyDescriptor(store, name)?.enumerable ?? false
    Object.defineProperty(view, name, { value, enumerable, writable: true, configurable: true })
  }
  return view
}

/** A store with a span and a duration for each call. What it does and answers is what the store does and answers. */
export const instrumentedStore = (
  store: EventStore,
  { kind = other, tracerProvider, meterProvider }: StoreTelemetryOptions
): OpenedStore => {
  const measures = measuresOf(storeInstruments, meterProvider)
  const ofStore: Attributes = { [attribute.storeKind]: kind }
  const appends = appendConclusions(measures, ofStore)
  const called = <F, A>({ call, stream, work, conclude }: Call<F, A>): Promise<E.Either<F, A>> => {
    const known = { ...ofStore, [attribute.storeCall]: call }
    return inSpan(tracerProvider, {
      name: `keyfold store ${call}`,
      kind: kindOf.store,
      attributes: { ...known, ...recordIdOf(stream) },
      work,
      conclude: (result, seconds) => {
        const ending = result && conclude(result)
        const error = ending === undefined ? other : ending.failed?._tag
        const attributes = { ...known, ...ending?.attributes }
        measures.duration(seconds, error === undefined ? attributes : { ...attributes, [attribute.errorType]: error })
        return ending ?? { attributes: {} }
      }
    })
  }
  const { appendAtomically, isRemoved, confirmCurrent, maxAppendBytes, continuesAfterDelete } = store
  const view: EventStore = {
    append:
      (...asked) =>
      () =>
        called({
          call: 'append',
          stream: quietly(() => asked[0].stream),
          work: () => store.append(...asked)(),
          conclude: appends.conclude(quietly(() => asked[0].events[0]?.id))
        }),
    readStream:
      (...asked) =>
      () =>
        called({
          call: 'readStream',
          stream: asked[0],
          work: () => store.readStream(...asked)(),
          conclude: ofRead
        }),
    readAll:
      (...asked) =>
      () =>
        called({ call: 'readAll', work: () => store.readAll(...asked)(), conclude: ofRead }),
    subscribe: countedSubscribe((options) => store.subscribe(options), measures, ofStore),
    dispose: () => store.dispose()
  }
  return withOptional(
    asyncDisposable(view, (it) => it.dispose()),
    store,
    {
      appendAtomically:
        appendAtomically &&
        ((asked) => () =>
          called<AppendFailure & { readonly index: number }, void>({
            call: 'appendAtomically',
            work: () => appendAtomically.call(store, asked)(),
            conclude: appends.conclude(undefined)
          })),
      isRemoved:
        isRemoved &&
        ((...asked) =>
          () =>
            called({
              call: 'isRemoved',
              stream: asked[0],
              work: () => isRemoved.call(store, ...asked)(),
              conclude: ofRead
            })),
      confirmCurrent:
        confirmCurrent &&
        ((...asked) =>
          () =>
            called({ call: 'confirmCurrent', work: () => confirmCurrent.call(store, ...asked)(), conclude: ofRead })),
      maxAppendBytes,
      continuesAfterDelete
    }
  )
}
