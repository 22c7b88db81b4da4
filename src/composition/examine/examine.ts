import * as E from 'fp-ts/Either'
import { type LookHow, look } from '../../adapters/sqlite/look.ts'
import { schema2 } from '../../adapters/sqlite/schema-2/schema-2.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Check, Tools } from '../../interfaces/cli/deps.ts'
import { openerFor, openStore } from '../open-store.ts'
import { fail, migrates, warn } from './check.ts'
import { fileChecks } from './file.ts'
import { bytesOf, fileAt, headerOf, isUnmarked, keepsLog, statOf } from './header.ts'
import { logChecks } from './log.ts'
import { settingsCheck } from './settings.ts'
import { versions } from './versions.ts'
import { viewsCheck } from './views.ts'

type Asked = Parameters<Tools['examine']>[0]

const told = (failed: Failure, remedy: Asked['remedy']): Check =>
  fail('store', `${failed._tag}: ${failed.message}`, remedy(failed))

/** How long a lock of another process is waited for, ms. */
const busyTimeoutMs = 5000

type Opened = {
  readonly version?: number
  readonly isMarked?: boolean
  readonly readAll: Parameters<typeof logChecks>[0]['readAll']
  readonly dispose: () => Promise<void>
}

const hasLog = async (file: string | undefined): Promise<boolean> =>
  file !== undefined && (await bytesOf(`${file}-wal`)) > 0

/**
 * How a file is looked into that must not be opened to write: whoever closes it last would fold the log beside it in, and
 * whoever opens it would take it back into WAL mode, or mark it.
 */
const howToLook = async (file: string): Promise<LookHow | undefined> => {
  const header = await headerOf(file)
  if (header === undefined) return undefined
  if ((await hasLog(file)) || !keepsLog(header)) return 'shared'
  return isUnmarked(header) ? 'alone' : undefined
}

const open = async (
  { store: address, namedBy }: Asked,
  file: string | undefined
): Promise<E.Either<Failure, Opened>> => {
  const how = file === undefined ? undefined : await howToLook(file)
  return file === undefined || how === undefined
    ? openStore({ address, namedBy, make: false })()
    : look(file, how, busyTimeoutMs)
}

/** Of a log that was copied here, or that is left from before the machine went down. */
const cannotLook = warn(
  'store',
  'not looked into: its WAL is here without its shared memory, and to read it would be to make that',
  'the next command that opens it makes it, and folds the WAL in'
)

const noMarks = warn(
  'marks',
  'none, as after a dump: by its schema it is a store of keyfold',
  'the next command that opens it sets them'
)

/** Opens the store, looks into it, and lets go of it. */
const inside = async (asked: Asked, file: string | undefined): Promise<ReadonlyArray<Check>> => {
  const { category, now, remedy } = asked
  if ((await hasLog(file)) && (await statOf(`${file}-shm`)) === undefined) return [cannotLook]
  const opened = await open(asked, file)
  if (E.isLeft(opened)) return [told(opened.left, remedy)]
  const { version = schema2.version, isMarked = true } = opened.right
  try {
    if (version < schema2.version) return [migrates('store', `schema version ${version}`)]
    const looked = await logChecks(opened.right, category, now)
    const found = E.isLeft(looked) ? [told(looked.left, remedy)] : looked.right
    return isMarked ? found : [noMarks, ...found]
  } finally {
    await opened.right.dispose()
  }
}

/**
 * What can be told of a store and of what it runs on, without a change to either. A file is looked at from outside first:
 * to open one that is not in order could migrate it, or make it.
 */
export const examine =
  (secret: string | undefined): Tools['examine'] =>
  async (asked) => {
    const { version, store, namedBy, category, views, remedy } = asked
    const here = [...versions(version, store), await settingsCheck(category, secret)]
    const opener = openerFor({ address: store, namedBy })
    if (E.isLeft(opener)) return [...here, told(opener.left, remedy), await viewsCheck(views)]
    const file = store.startsWith('sqlite:') ? await fileAt(store.slice('sqlite:'.length)) : undefined
    const outside = file === undefined ? [] : await fileChecks(file)
    const isInOrder = [...here, ...outside].every(({ what, state }) =>
      what !== 'file' ? state !== 'fail' : state === 'ok'
    )
    return [...here, ...outside, ...(isInOrder ? await inside(asked, file) : []), await viewsCheck(views)]
  }
