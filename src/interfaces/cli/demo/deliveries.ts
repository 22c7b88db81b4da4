import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/Either'
import { type Failure, failure } from '../../../domain/failure.ts'

/** One webhook delivery: a real body, under the id that GitHub would have given it. */
export type Delivery = { readonly id: string; readonly host: string; readonly event: string; readonly body: string }

type Listed = { readonly name: string; readonly examples: ReadonlyArray<unknown> }

const packageName = '@octokit/webhooks-examples'

/** A delivery id in GitHub's form, the same in every run. */
const deliveryId = (hash: string): string => hash.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5')

/** Every payload of the package `@octokit/webhooks-examples`: real GitHub webhook bodies, by host. */
export const readDeliveries = (
  hash: (parts: ReadonlyArray<string>) => string
): E.Either<Failure, ReadonlyArray<Delivery>> => {
  try {
    const root = dirname(createRequire(import.meta.url).resolve(`${packageName}/package.json`))
    const hosts = readdirSync(root, { withFileTypes: true }).filter((entry) => entry.isDirectory())
    return E.right(
      hosts.flatMap(({ name: host }) => {
        const listed: ReadonlyArray<Listed> = JSON.parse(readFileSync(join(root, host, 'index.json'), 'utf8'))
        return listed.flatMap(({ name: event, examples }) =>
          examples.map((example, index) => ({
            id: deliveryId(hash([host, event, String(index)])),
            host,
            event,
            body: JSON.stringify(example)
          }))
        )
      })
    )
  } catch (cause) {
    return E.left(
      failure('InvalidInput', `the demo needs the package ${packageName}; install it beside keyfold`, { cause })
    )
  }
}
