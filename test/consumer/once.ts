// What `once` gives can be exported without a word about its types, by whoever writes declarations.
import { createLedger, type OnceAnswer, once, onceAll } from 'keyfold'
import { openMemoryStore } from 'keyfold/memory'

const tenant = { orgId: 'acme', workspaceId: 'shop' }
const rules = { owner: 'me', lease: 30_000, onThrow: 'ambiguous' } as const
const keyed = { tenant, operation: 'op', key: 'k', requestFingerprint: ['body'] }

export const openLedger = async () => createLedger({ store: await openMemoryStore() })

export const payBy = async () => once(await openLedger(), { ...keyed, ...rules })
export const payAllBy = async () => onceAll(await openLedger(), { keys: [keyed], ...rules })

export const told = (answer: OnceAnswer<number>): number | undefined => ('value' in answer ? answer.value : undefined)

export const run = async (): Promise<unknown> => {
  const pay = await payBy()
  return told(await pay(async ({ step }) => step('a', () => 7)))
}
