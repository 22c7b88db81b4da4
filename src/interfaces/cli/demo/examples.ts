import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import process from 'node:process'
import * as E from 'fp-ts/Either'
import { type Failure, invalidInput } from '../../../domain/failure.ts'
import type { CliDeps } from '../deps.ts'
import { type Delivery, guid } from './delivery.ts'

const packageName = '@octokit/webhooks-examples'

/** As the package has them: the examples of one kind of event. */
type EventExamples = { readonly name: string; readonly examples: ReadonlyArray<unknown> }

/** Beside keyfold where it was installed with it, else in the project in which keyfold is called. */
const packageFolder = (): string => {
  const description = `${packageName}/package.json`
  try {
    return dirname(createRequire(import.meta.url).resolve(description))
  } catch {
    return dirname(createRequire(join(process.cwd(), 'here.js')).resolve(description))
  }
}

const hostsIn = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort()

/** Every payload of the package: real webhook bodies of GitHub and of its enterprise servers, by host. */
export const readExamples = ({
  fingerprint
}: Pick<CliDeps, 'fingerprint'>): E.Either<Failure, ReadonlyArray<Delivery>> => {
  const deliveries: Array<Delivery> = []
  try {
    const folder = packageFolder()
    for (const host of hostsIn(folder)) {
      const kinds: ReadonlyArray<EventExamples> = JSON.parse(readFileSync(join(folder, host, 'index.json'), 'utf8'))
      for (const { name: event, examples } of kinds) {
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
    return E.left({
      ...invalidInput(`the package ${packageName} is not there; npm install ${packageName} brings it`),
      cause
    })
  }
  return E.right(deliveries)
}
