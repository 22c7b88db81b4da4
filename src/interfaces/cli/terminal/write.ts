import { once } from 'node:events'
import type { Writable } from 'node:stream'

/** Writes text at the pace of whoever reads it. False where nobody reads any more. */
export const write = async (stream: Writable, text: string): Promise<boolean> => {
  if (stream.destroyed || stream.writableEnded || stream.errored !== null) return false
  if (stream.write(text)) return true
  try {
    await once(stream, 'drain')
    return true
  } catch {
    return false
  }
}
