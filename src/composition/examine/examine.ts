import { stat } from 'node:fs/promises'
import * as E from 'fp-ts/Either'
import type { Failure } from '../../domain/failure.ts'
import type { Check, Tools } from '../../interfaces/cli/deps.ts'
import { openStore } from '../open-store.ts'
import { fail, ok } from './check.ts'
import { fileChecks } from './file.ts'
import { logChecks } from './log.ts'
import { versions } from './versions.ts'

type Asked = Parameters<Tools['examine']>[0]

const told = (failed: Failure, remedy: Asked['remedy']): Check =>
  fail('store', `${failed._tag}: ${failed.message}`, remedy(failed))

/** Opens the store, looks into it, and lets go of it. */
const inside = async ({ store: address, category, now, remedy }: Asked): Promise<ReadonlyArray<Check>> => {
  const opened = await openStore(address, false)()
  if (E.isLeft(opened)) return [told(opened.left, remedy)]
  try {
    const looked = await logChecks(opened.right, category, now)
    return E.isLeft(looked) ? [told(looked.left, remedy)] : looked.right
  } finally {
    await opened.right.dispose()
  }
}

const viewsCheck = async (file: string): Promise<Check> => {
  const found = await stat(file).catch(() => undefined)
  return ok('views', found === undefined ? 'none here' : `${(found.size / 1024 / 1024).toFixed(1)} MB`)
}

/**
 * What can be told of a store and of what it runs on, without a change to either. A file is looked at from outside first:
 * to open one that is not in order could migrate it, or make it.
 */
export const examine: Tools['examine'] = async (asked) => {
  const { version, store, views } = asked
  const here = versions(version, store)
  const file = store.startsWith('sqlite:') ? await fileChecks(store.slice('sqlite:'.length)) : []
  const isInOrder = [...here, ...file].every(({ what, state }) => (what !== 'file' ? state !== 'fail' : state === 'ok'))
  return [...here, ...file, ...(isInOrder ? await inside(asked) : []), await viewsCheck(views)]
}
