import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'

/** One effect that a worker had done: a step of a task for a key, in an epoch. */
export type Effect = { readonly key: string; readonly step: string; readonly epoch: number }

/** A service with effects, over real HTTP. It counts whatever it is asked for, as often as it is asked. */
export const counterService = async (): Promise<{ readonly url: string; readonly effects: ReadonlyArray<Effect> }> => {
  const effects: Array<Effect> = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (text) => {
      body += text
    })
    request.on('end', () => {
      effects.push(JSON.parse(body))
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
  return { url: `http://127.0.0.1:${port}`, effects }
}
