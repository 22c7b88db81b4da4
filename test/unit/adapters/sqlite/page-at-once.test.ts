import * as E from 'fp-ts/Either'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../../../src/adapters/sqlite/connection.ts'
import { pageAtOnce } from '../../../../src/adapters/sqlite/page-at-once.ts'
import { schema2 } from '../../../../src/adapters/sqlite/schema-2/schema-2.ts'
import type { ProposedEvent } from '../../../../src/application/ports/event-store.ts'
import { exactly, noStream } from '../../../../src/domain/expected-revision.ts'
import { openSqliteStore } from '../../../../src/sqlite.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const [own, others] = ['idempotency-idem_', 'other-idem_']

const event = (n: number, data: string): ProposedEvent => ({
  id: `3f0d6a6e-0000-4000-8000-${String(n).padStart(12, '0')}`,
  type: n % 3 === 0 ? 'Foreign' : 'Expired',
  data,
  metadata: n % 2 === 0 ? '{}' : '{"nul":"\\u0000","text":"ä𝄞"}'
})

/** A file with streams of two categories, and all sorts of texts in them. */
const file = async (): Promise<string> => {
  const name = temporaryFile('store.db')
  const store = await openSqliteStore({ file: name })
  for (let n = 0; n < 40; n++) {
    const key = n % 10
    const stream = (key % 4 === 0 ? others : own) + String(key).padStart(64, '0')
    const data = JSON.stringify({ n, text: ['ä', '\0', '', 'x'.repeat(3000)][n % 4] })
    const expected = n < 10 ? noStream : exactly(BigInt(Math.floor(n / 10) - 1))
    const appended = await store.append({ stream, expected, events: [event(n, data)] })()
    if (E.isLeft(appended)) throw new Error(appended.left._tag)
  }
  await store.dispose()
  return name
}

const opened = (name: string) => {
  const connection = connect(name)
  onTestFinished(connection.close)
  return connection
}

describe('a page that comes as one row', () => {
  it.each([
    [0, 40, 40, own],
    [0, 40, 7, own],
    [13, 30, 40, others],
    [40, 90, 10, own]
  ] as const)('holds what its rows hold: after %i up to %i, %i of %s', async (from, upTo, count, prefix) => {
    const connection = opened(await file())
    const parameters = [from, upTo, count, ...schema2.boundsOf(prefix)]
    const rows = connection.prepare(schema2.scan).rows(parameters)
    const events = rows.map((row) => E.toUnion(schema2.read(row)))
    expect(pageAtOnce(connection, schema2)(parameters)).toEqual(events)
    expect(events.length).toBe(connection.prepare(schema2.sizes).rows(parameters).length)
  })
  it.each([
    ["UPDATE events SET body = x'00' WHERE position = 9", 'a body that is none'],
    ['UPDATE events SET first = 99 WHERE position = 11', 'an event whose stream is gone'],
    ["UPDATE events SET name = CAST(x'c3' AS BLOB) WHERE position = 1", 'a name that is none']
  ])('is nothing after %s', async (sql) => {
    const connection = opened(await file())
    connection.exec(sql)
    expect(pageAtOnce(connection, schema2)([0, 40, 40, ...schema2.boundsOf('')])).toBeUndefined()
  })
})
