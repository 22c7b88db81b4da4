import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { createLedger, type Ledger } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'
import * as ownHandler from '../docs/snippets/protect-a-handler.ts'
import * as ownWebhooks from '../docs/snippets/receive-webhooks.ts'
import * as ownQueue from '../docs/snippets/work-off-a-queue.ts'

/** Where the applications of the how-tos are written again, on a peer. */
export const twins = 'bench/peers/apps'

type Handler = typeof ownHandler
type Effects = Parameters<Handler['handle']>[1]
type Webhooks = Pick<ownWebhooks.Webhooks, 'isSigned'> & {
  readonly handle: (body: Buffer, context: never) => Promise<void>
}
type Step = <A>(name: string, part: () => Promise<A>) => Promise<A>
export type Job = (message: ownQueue.Message, step: Step) => Promise<void>

/** The three applications, on a store that holds nothing yet. */
export type World = {
  readonly handler: Pick<Handler, 'NothingHappened' | 'Declined'> & {
    readonly ask: (effects: Effects, command: Parameters<Handler['handle']>[2]) => Promise<number>
  }
  readonly webhooks: Pick<typeof ownWebhooks, 'NothingHappened'> & {
    readonly serve: (webhooks: Webhooks) => ReturnType<typeof ownWebhooks.webhookServer>
  }
  readonly queue: Pick<typeof ownQueue, 'TryLater'> & {
    readonly workOff: (queue: ownQueue.Queue, job: Job, signal: AbortSignal) => Promise<void>
  }
}

export const onKeyfold = async (): Promise<World> => {
  const ledger: Ledger = createLedger({ store: await openMemoryStore(), clock: () => Date.now() })
  return {
    handler: {
      ...ownHandler,
      ask: async (effects, command) => ownHandler.statusOf(await ownHandler.handle(ledger, effects, command))
    },
    webhooks: { ...ownWebhooks, serve: (webhooks) => ownWebhooks.webhookServer({ ...webhooks, ledger } as never) },
    queue: {
      ...ownQueue,
      workOff: (queue, job, signal) =>
        ownQueue.workOff(queue, ledger, (message, { step }) => job(message, step as Step), signal)
    }
  }
}

/** Whether the peer is there: only the benchmark installs it. */
export const isInstalled = existsSync(resolve('bench/peers/node_modules/@aws-lambda-powertools/idempotency'))
if (!isInstalled) console.warn(`the peer is not installed in bench/peers: its applications were counted, and not run`)

/** What conditional writes of any store come to, in memory. */
const items = () => {
  const kept = new Map<string, { readonly token: string }>()
  return {
    get: async (key: string) => kept.get(key),
    swap: async (key: string, token: string | undefined, item: { readonly token: string } | undefined) => {
      if (kept.get(key)?.token !== token) return false
      if (item === undefined) kept.delete(key)
      else kept.set(key, structuredClone(item))
      return true
    }
  }
}

export const onPeer = async (): Promise<World> => {
  // not installed where the types of this test are checked
  const load = (name: string) => import(/* @vite-ignore */ pathToFileURL(resolve(twins, `${name}.ts`)).href)
  const handler = await load('protect-a-handler')
  const webhooks = await load('receive-webhooks')
  const queue = await load('work-off-a-queue')
  const store = items()
  return {
    handler: {
      ...handler,
      ask: async (effects, command) => handler.statusOf(await handler.handle(store, effects, command))
    },
    webhooks: { ...webhooks, serve: (given) => webhooks.webhookServer({ ...given, items: store }) },
    queue: { ...queue, workOff: (given, job, signal) => queue.workOff(given, store, job, signal) }
  }
}
