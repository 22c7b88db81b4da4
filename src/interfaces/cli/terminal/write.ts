import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { setImmediate as others } from 'node:timers/promises'

/** Writes text at the pace of whoever reads it. False where nobody reads any more. */
export const write = async (stream: Writable, text: string): Promise<boolean> => {
  if (stream.destroyed || stream.writableEnded || stream.errored !== null) return false
  if (stream.write(text)) return true
  const ended = new AbortController()
  const onClose = (): void => ended.abort()
  stream.once('close', onClose)
  try {
    await once(stream, 'drain', { signal: ended.signal })
    return true
  } catch {
    return false
  } finally {
    stream.off('close', onClose)
  }
}

const chunkLength = 256 * 1024

/** Pieces put together: as a rule they are short, and written one by one would take many times as long. */
export function* inChunks(pieces: Iterable<string>): Generator<string, void> {
  let chunk = ''
  for (const piece of pieces) {
    chunk += piece
    if (chunk.length < chunkLength) continue
    yield chunk
    chunk = ''
  }
  if (chunk !== '') yield chunk
}

/** Writes any number of pieces. False where nobody reads any more, or the signal came before the last of them. */
export const writeAll = async (stream: Writable, pieces: Iterable<string>, signal: AbortSignal): Promise<boolean> => {
  for (const chunk of inChunks(pieces)) {
    if (signal.aborted || !(await write(stream, chunk))) return false
    // a file takes everything at once, and signals would never have their turn
    await others()
  }
  return true
}
