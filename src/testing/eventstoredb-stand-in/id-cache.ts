/** Where an event id was first written, of what is remembered. */
export type Written = { readonly stream: string; readonly revision: bigint }

/** What the server remembers of written ids: bounded, the oldest goes first, one stream per id. */
export type IdCache = {
  readonly find: (id: string) => Written | undefined
  readonly add: (id: string, written: Written) => void
  readonly clear: () => void
}

const capacity = 8 * 1024 * 1024
const sizeOf = ({ stream }: Written): number => 28 + Buffer.byteLength(stream)

/** The `_committedEvents` of a leader: all that "any" and "stream exists" can tell a retry by. */
export const idCache = (): IdCache => {
  const entries = new Map<string, Written>()
  let size = 0
  const remove = (id: string, entry: Written): void => {
    size -= sizeOf(entry)
    entries.delete(id)
  }
  return {
    find: (id) => entries.get(id),
    add: (id, written) => {
      if (entries.has(id)) return
      entries.set(id, written)
      size += sizeOf(written)
      for (const [oldest, entry] of entries) {
        if (size <= capacity) break
        remove(oldest, entry)
      }
    },
    clear: () => {
      entries.clear()
      size = 0
    }
  }
}
