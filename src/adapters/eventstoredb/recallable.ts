import type { Client } from './client.ts'

type Execute = (kind: unknown, name: string, action: (grpc: unknown) => Promise<unknown>) => Promise<unknown>

/** A client for one append, which can be called back until it is handed to a channel. */
export type Recallable = {
  readonly client: Pick<Client, 'appendToStream'>
  /** Sees to it that the append is never sent, if it was not sent yet. Tells whether that is certain. */
  readonly recall: () => boolean
}

const hasExecute = (client: Client): client is Client & { readonly execute: Execute } =>
  typeof Reflect.get(client, 'execute') === 'function'

/**
 * The client looks for a node before it sends, for as long as that takes, and sends then, whoever has given up since.
 * An append that could be called back was certainly not written: without this, a cluster that is away would leave
 * every append in doubt.
 */
export const recallable = (client: Client): Recallable => {
  if (!hasExecute(client)) return { client, recall: () => false }
  let sent = false
  let recalled = false
  const guarded: Execute = (kind, name, action) =>
    client.execute(kind, name, (grpc) => {
      if (recalled) return Promise.reject(new Error('the append was called back'))
      sent = true
      return action(grpc)
    })
  return {
    client: Object.create(client, { execute: { value: guarded } }),
    recall: () => {
      recalled = true
      return !sent
    }
  }
}
