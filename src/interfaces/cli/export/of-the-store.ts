import type { BigIntStats } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** What SQLite keeps beside the file of a store, by what is added to its name. */
const besides = ['', '-wal', '-shm', '-journal']

/** What a name leads to, or nothing where it leads nowhere. */
const found = (name: string): Promise<BigIntStats | undefined> => stat(name, { bigint: true }).catch(() => undefined)

/** A name without links; of a file that is not there yet, by its folder. */
const plainly = (name: string): Promise<string> =>
  realpath(name).catch(() =>
    realpath(dirname(name)).then(
      (folder) => join(folder, basename(name)),
      () => name
    )
  )

/** Whether a file is one of the store at this address, through whatever links: to write there would be to destroy that. */
export const isOfTheStore = async (file: string, address: string): Promise<boolean> => {
  if (!address.startsWith('sqlite:')) return false
  const store = await plainly(address.slice('sqlite:'.length))
  const [name, there] = await Promise.all([plainly(file), found(file)])
  for (const beside of besides) {
    const own = `${store}${beside}`
    if (name === own) return true
    const other = there && (await found(own))
    if (there !== undefined && other !== undefined && there.dev === other.dev && there.ino === other.ino) return true
  }
  return false
}
