import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../../domain/failure.ts'
import type { CliDeps } from '../deps.ts'
import { type Delivery, guid } from './delivery.ts'

/** As the build packs them: real webhook bodies of GitHub and of its enterprise servers, by host and kind of event. */
type HostExamples = {
  readonly host: string
  readonly events: ReadonlyArray<{ readonly name: string; readonly examples: ReadonlyArray<unknown> }>
}

/** The build puts them beside the command (`scripts/webhooks.mjs`), so that an install has them. */
const readPacked = (): ReadonlyArray<HostExamples> =>
  JSON.parse(brotliDecompressSync(readFileSync(new URL('webhooks.json.br', import.meta.url))).toString('utf8'))

/** Every delivery that ships with keyfold. */
export const readExamples = ({
  fingerprint
}: Pick<CliDeps, 'fingerprint'>): E.Either<Failure, ReadonlyArray<Delivery>> => {
  const deliveries: Array<Delivery> = []
  try {
    for (const { host, events } of readPacked()) {
      for (const { name: event, examples } of events) {
        for (const [index, example] of examples.entries()) {
          const body = JSON.stringify(example)
          const id = fingerprint(['delivery', host, event, String(index)])
          const digest = fingerprint([body])
          if (E.isLeft(id)) return id
          if (E.isLeft(digest)) return digest
          deliveries.push({ id: guid(id.right), host, event, body, digest: digest.right })
        }
      }
    }
  } catch (cause) {
    return E.left(
      failure('InvalidInput', 'the webhooks that ship with the demo cannot be read: install keyfold anew', { cause })
    )
  }
  return E.right(deliveries)
}
