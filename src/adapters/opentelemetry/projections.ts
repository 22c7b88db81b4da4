import { type BatchObservableResult, type MeterProvider, metrics } from '@opentelemetry/api'
import * as E from 'fp-ts/Either'
import type { TaskEither } from 'fp-ts/TaskEither'
import type { Failure } from '../../domain/failure.ts'
import { nodeTimer } from '../node/timer.ts'
import { gaugesOf, observe } from './gauges.ts'
import { measuresOf } from './measures.ts'
import { attribute, other, partitionGauges, projectionInstruments, scope, viewGauges } from './names.ts'
import type { ProjectionsTelemetryOptions } from './options.ts'
import { quietly } from './quietly.ts'

type PartitionHealth = { readonly [name in Exclude<keyof typeof partitionGauges, 'position'>]: number } & {
  readonly partition: number
  /** As the store tells it: of some stores a number. */
  readonly position: string
}

/** What is told of a view: its health, as projections know it. */
export type ViewHealth = { readonly [name in keyof typeof viewGauges]: number } & {
  readonly partitions: ReadonlyArray<PartitionHealth>
}

export type HealthOf = (name: string) => TaskEither<Failure, ViewHealth | undefined>

/** What came of a look at one view; of a failure, what it is called. */
type Look = E.Either<string, ViewHealth | undefined>

const tooLate: Look = E.left('StoreTimeout' satisfies Failure['_tag'])

const lookAt = async (healthOf: HealthOf, name: string): Promise<Look> => {
  try {
    const health = await healthOf(name)()
    return E.isLeft(health) ? E.left(health.left._tag) : health
  } catch {
    return E.left(other)
  }
}

/** Looks at views; one that is still being looked at is not looked at a second time. */
const looking = (healthOf: HealthOf): ((name: string) => Promise<Look>) => {
  const underWay = new Map<string, Promise<Look>>()
  return (name) => {
    const looked = underWay.get(name) ?? lookAt(healthOf, name).finally(() => underWay.delete(name))
    underWay.set(name, looked)
    return looked
  }
}

const asNumber = (position: string): number | undefined => {
  const number = /^\d+$/.test(position) ? Number(position) : Number.NaN
  return Number.isSafeInteger(number) ? number : undefined
}

/** Gauges that tell a view's health, and what is observed with them. */
const viewTeller = (provider: MeterProvider) => {
  const meter = provider.getMeter(scope)
  const [ofView, ofPartition] = [gaugesOf(meter, viewGauges), gaugesOf(meter, partitionGauges)]
  return {
    meter,
    gauges: [...Object.values(ofView), ...Object.values(ofPartition)],
    tell: (result: BatchObservableResult, name: string, health: ViewHealth): void => {
      const attributes = { [attribute.projection]: name }
      observe(result, ofView, health, attributes)
      for (const { position, partition, ...numbers } of health.partitions) {
        const values = { ...numbers, position: asNumber(position) }
        observe(result, ofPartition, values, { ...attributes, [attribute.partition]: partition })
      }
    }
  }
}

/**
 * Tells the health of views whenever metrics are collected, until it is called off; what was begun by then has ended. A
 * collection waits for it so long at most, and nothing that goes wrong with a view fails it.
 */
export const observedViews = (
  healthOf: HealthOf,
  { names, meterProvider, withinMs = 5000 }: ProjectionsTelemetryOptions
): (() => Promise<void>) => {
  const views = [...new Set(names)]
  const { failures } = measuresOf(projectionInstruments, meterProvider)
  const look = looking(healthOf)
  const teller = quietly(() => viewTeller(meterProvider ?? metrics.getMeterProvider()))
  if (teller === undefined) return async () => {}
  const { meter, gauges, tell } = teller
  const collections = new Set<Promise<void>>()

  const collect = async (result: BatchObservableResult): Promise<void> => {
    const done = new AbortController()
    const late = nodeTimer
      .sleep(withinMs, done.signal)()
      .then(() => tooLate)
    const ofOne = async (name: string): Promise<void> => {
      const health = await Promise.race([look(name), late])
      if (E.isLeft(health)) failures(1, { [attribute.projection]: name, [attribute.errorType]: health.left })
      else if (health.right !== undefined) tell(result, name, health.right)
    }
    await Promise.all(views.map(ofOne))
    done.abort()
  }

  const callback = (result: BatchObservableResult): Promise<void> => {
    const collection = collect(result).finally(() => collections.delete(collection))
    collections.add(collection)
    return collection
  }
  quietly(() => meter.addBatchObservableCallback(callback, gauges))
  return async () => {
    quietly(() => meter.removeBatchObservableCallback(callback, gauges))
    await Promise.all(collections)
  }
}
