import { packed } from '../../src/adapters/sqlite/codec/event-body.ts'
import { streamName } from '../../src/adapters/sqlite/codec/stream-name.ts'

/** The statement by which another application would write the first event of a stream. */
export const eventSql = (position: number, stream: string, id: string): string => {
  const { type, body } = packed({ id, type: 'T', data: '{}', metadata: '{}' }, stream, true)
  const name = streamName(stream).toString('hex')
  return `INSERT INTO events VALUES (${position}, ${position}, 0, x'${name}', ${type}, 0, x'${body.toString('hex')}')`
}
