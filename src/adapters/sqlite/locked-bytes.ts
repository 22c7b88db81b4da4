/** Bytes of a file, with both ends. */
export type Bytes = { readonly first: number; readonly last: number }

/** What a connection with a log holds for as long as it is open, by the bytes that it locks (SQLite's os_unix.c). */
export const lastingLocks = {
  onFile: { first: 1_073_741_826, last: 1_073_742_335 },
  onShared: { first: 128, last: 128 }
} as const satisfies { readonly [name: string]: Bytes }

const atEnd = / (\d+) (\d+|EOF)$/

/**
 * Whether a line in which Linux tells of a lock (proc(5): locks, fdinfo) covers these bytes. It makes one of a process's
 * locks that touch: the last mark of a reader is beside what is locked for as long as the file is open.
 */
export const isLockOn = (line: string, { first, last }: Bytes): boolean => {
  const [, from, until] = atEnd.exec(line) ?? []
  return Number(from) <= first && (until === 'EOF' || Number(until) >= last)
}
