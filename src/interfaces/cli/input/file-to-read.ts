import { constants, createReadStream, openSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Socket } from 'node:net'
import process from 'node:process'
import { addAbortSignal, type Readable } from 'node:stream'

export type Opened = { readonly bytes: Readable; readonly size: number }

/**
 * A file to be read until a signal comes, and its size where it has one. To open a pipe with a name is to wait for whoever
 * writes to it, in a thread that the process waits for at its end. Linux opens one at once where it is asked to, and what
 * then waits for bytes can be given up; elsewhere a pipe opened so reads as one that has ended.
 */
export const fileToRead = async (file: string, signal: AbortSignal): Promise<Opened> => {
  const found = await stat(file)
  if (!found.isFIFO() || process.platform !== 'linux') {
    return { bytes: createReadStream(file, { signal, highWaterMark: 256 * 1024 }), size: found.size }
  }
  const fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
  return { bytes: addAbortSignal(signal, new Socket({ fd, readable: true, writable: false })), size: 0 }
}
