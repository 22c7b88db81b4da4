import { randomUUID } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { access, type FileHandle, link, lstat, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { type Failure, failure } from '../../../domain/failure.ts'
import { quoted } from '../../../domain/text.ts'
import type { Fill, Put } from './fill.ts'
import { isOfTheStore } from './of-the-store.ts'
import { sinkFor } from './sink.ts'

/** Only its owner reads a new export: it holds keys and outcomes. */
const newMode = 0o600

const codeOf = (cause: unknown): string =>
  typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : 'unknown'

const isThereAlready = 'is there already; --force replaces it'

const refusals: { readonly [code: string]: string } = {
  EEXIST: isThereAlready,
  ENOENT: 'could not be written (ENOENT): its folder does not exist'
}

const failed =
  (file: string) =>
  (cause: unknown): Failure => {
    const code = codeOf(cause)
    const why = refusals[code] ?? `could not be written (${code})`
    return failure(code === 'ENOSPC' || code === 'EDQUOT' ? 'StoreFull' : 'InvalidInput', `${quoted(file)} ${why}`, {
      cause
    })
  }

/** What a look at a name gives, or nothing where there is no such name. */
const ifThere = async (look: Promise<Stats>): Promise<Stats | undefined> => {
  try {
    return await look
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined
    throw cause
  }
}

/** A file to be replaced: where it really is, so that a link to it stays a link, and whose it is. */
type Replaced = { readonly path: string; readonly stats: Stats }

/** What there is to replace, if anything; or in words, why it is left alone. */
const replacedBy = async (file: string, force: boolean, store: string): Promise<Replaced | undefined | string> => {
  if (file === '') return 'is no name of a file'
  if (await isOfTheStore(file, store)) return 'is of the store itself'
  const stats = await ifThere(stat(file))
  if (stats === undefined) return (await ifThere(lstat(file))) && 'is a link that leads nowhere'
  if (stats.isDirectory()) return 'is a folder'
  // a rename would put a plain file in the place of a device or a pipe
  if (!stats.isFile()) return 'is not a regular file; leave it out, and redirect stdout'
  if (!force) return isThereAlready
  // a rename asks the folder alone, and not whether the file itself may be written
  if ((stats.mode & 0o222) === 0) return 'is read-only'
  await access(file, constants.W_OK)
  return { path: await realpath(file), stats }
}

/** Gives a file the owner and the mode of another one, as far as this user and this file system can. */
const takeAfter = async (handle: FileHandle, { uid, gid, mode }: Stats): Promise<void> => {
  const own = await handle.stat()
  const isOwned =
    (own.uid === uid && own.gid === gid) ||
    (await handle.chown(uid, gid).then(
      () => true,
      () => false
    ))
  // what another group was allowed to do is not allowed to ours
  await handle.chmod(mode & (isOwned ? 0o777 : 0o707)).catch(() => {})
}

/**
 * Gives a new file its name, where nothing has that name yet. A link, other than a rename, fails where the name is
 * taken; where there are no links (exFAT, and some mounts) an empty file takes the name first, and is then replaced.
 */
const takeName = async (unfinished: string, file: string): Promise<void> => {
  try {
    return await link(unfinished, file)
  } catch (cause) {
    if (codeOf(cause) === 'EEXIST') throw cause
  }
  await (await open(file, 'wx', newMode)).close()
  try {
    await rename(unfinished, file)
  } catch (cause) {
    await rm(file, { force: true })
    throw cause
  }
}

/** A file that could not be written, whatever came of what was to be written. */
type Broken = { readonly cause: unknown }

const writeAll = async (
  unfinished: string,
  file: string,
  fill: Fill,
  signal: AbortSignal,
  replaced: Replaced | undefined
): Promise<E.Either<Failure, boolean>> => {
  const handle = await open(unfinished, 'wx', newMode)
  const sink = sinkFor(file, handle)
  let broken: Broken | undefined
  const put: Put = async (piece) => {
    if (signal.aborted) return false
    try {
      await sink.write(piece)
      return true
    } catch (cause) {
      broken = { cause }
      return false
    }
  }
  try {
    const filled = await fill(put)()
    if (broken !== undefined) throw broken.cause
    if (E.isLeft(filled) || !filled.right) return filled
    await sink.end()
    if (replaced !== undefined) await takeAfter(handle, replaced.stats)
    await handle.sync()
    return filled
  } finally {
    sink.abandon()
    await handle.close()
  }
}

/**
 * Writes a file whole or not at all: what stands under its name is never half of it, and a file that is there already
 * is replaced with `force` alone, keeping its mode; what is of the store at the address never is. Compressed where its name ends in `.gz`. False where the signal came
 * first.
 */
export const wholeFile = (
  signal: AbortSignal,
  file: string,
  fill: Fill,
  force: boolean,
  store: string
): TE.TaskEither<Failure, boolean> =>
  pipe(
    TE.tryCatch(async () => {
      const replaced = await replacedBy(file, force, store)
      if (typeof replaced === 'string') {
        const cause = replaced === isThereAlready ? { code: 'EEXIST' } : undefined
        return E.left(failure('InvalidInput', `${file === '' ? 'an empty text' : quoted(file)} ${replaced}`, { cause }))
      }
      const target = replaced?.path ?? file
      // in the same folder, so that it can be renamed; its name is short, whatever the other's length
      const unfinished = join(dirname(target), `.keyfold-${randomUUID()}.tmp`)
      try {
        const written = await writeAll(unfinished, file, fill, signal, replaced)
        if (E.isRight(written) && written.right) await (force ? rename : takeName)(unfinished, target)
        return written
      } finally {
        await rm(unfinished, { force: true })
      }
    }, failed(file)),
    TE.flatMapEither((result) => result)
  )
