import { once } from 'node:events'
import type { FileHandle } from 'node:fs/promises'
import { createGzip } from 'node:zlib'

/** Where the text of a file goes to, in order. */
export type Sink = {
  readonly write: (piece: string) => Promise<void>
  /** Once all of it stands in the file. */
  readonly end: () => Promise<void>
  /** Lets go of what it holds, where the file is given up. */
  readonly abandon: () => void
}

const plain = (handle: FileHandle): Sink => ({
  // other than write, it goes on until all of the piece is written, or says why not
  write: (piece) => handle.appendFile(piece),
  end: async () => {},
  abandon: () => {}
})

const gzipped = (handle: FileHandle): Sink => {
  const gzip = createGzip()
  const written = (async () => {
    for await (const chunk of gzip) await handle.appendFile(chunk)
  })()
  // it is told to whoever writes on, or ends
  written.catch(() => {})
  return {
    write: async (piece) => {
      if (!gzip.write(piece)) await Promise.race([once(gzip, 'drain'), written])
    },
    end: async () => {
      gzip.end()
      await written
    },
    abandon: () => void gzip.destroy()
  }
}

/** What a file is written through, by the end of its name. */
export const sinkFor = (file: string, handle: FileHandle): Sink =>
  /\.gz$/i.test(file) ? gzipped(handle) : plain(handle)
