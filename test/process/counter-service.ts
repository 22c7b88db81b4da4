import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** One effect that a worker had done: a step of a task for a key, in an epoch. */
export type Effect = { readonly key: string; readonly step: string; readonly epoch: number }

type CounterService = {
  readonly url: string
  readonly effects: ReadonlyArray<Effect>
  /** Once that many effects were had, whoever asked for the last of them is never answered: it happened all the same. */
  readonly silentAfter: (count: number) => Promise<void>
}

/** A service with effects, over real HTTP. It counts whatever it is asked for, as often as it is asked. */
export const counterService = async (): Promise<CounterService> => {
  const effects: Array<Effect> = []
  let silent: { readonly at: number; readonly reached: () => void } | undefined
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (text) => {
      body += text
    })
    request.on('end', () => {
      effects.push(JSON.parse(body))
      if (effects.length === silent?.at) return silent.reached()
      response.end(JSON.stringify({ number: effects.length }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
  )
  const { port } = server.address() as AddressInfo
  const silentAfter = (count: number) =>
    new Promise<void>((reached) => {
      silent = { at: effects.length + count, reached }
    })
  return { url: `http://127.0.0.1:${port}`, effects, silentAfter }
}
