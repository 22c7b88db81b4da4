import * as E from 'fp-ts/Either'
import { expect, it, onTestFinished } from 'vitest'
import { type Connection, connect, type Row } from '../../../../src/adapters/sqlite/connection.ts'
import { pageReader } from '../../../../src/adapters/sqlite/read-page.ts'
import { schema2 } from '../../../../src/adapters/sqlite/schema-2/schema-2.ts'
import { openSqliteStore } from '../../../../src/sqlite.ts'
import { appendOf } from '../../../support/append-of.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'

const [count, eventBytes] = [40, 1024 * 1024]
const mostBytes = 17 * 1024 * 1024

/** A file of large events, whose index of names holds none of them. */
const unnamed = async (): Promise<string> => {
  const file = temporaryFile('store.db')
  const store = await openSqliteStore({ file, synchronous: 'NORMAL' })
  for (let n = 0; n < count; n++) {
    const appended = await store.append(appendOf(1, `other-${n}`, undefined, 'x'.repeat(eventBytes)))()
    if (E.isLeft(appended)) throw new Error(appended.left._tag)
  }
  await store.dispose()
  const connection = connect(file)
  connection.exec(`PRAGMA writable_schema = ON; CREATE TABLE other (a UNIQUE);
    UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'sqlite_autoindex_other_1')
    WHERE name = 'streams';
    DELETE FROM sqlite_schema WHERE tbl_name = 'other'`)
  connection.close()
  return file
}

/** A connection, and the most bytes that one call on it gave. */
const measured = (file: string) => {
  const connection = connect(file)
  onTestFinished(connection.close)
  let most = 0
  const note = <A extends Row | undefined>(rows: ReadonlyArray<A>): void => {
    const bytes = rows.flatMap((row) => row ?? []).filter(Buffer.isBuffer)
    most = Math.max(
      most,
      bytes.reduce((sum, { length }) => sum + length, 0)
    )
  }
  const watched: Connection = {
    ...connection,
    prepare: (sql) => {
      const { run, row, rows } = connection.prepare(sql)
      return {
        run,
        row: (parameters) => {
          const found = row(parameters)
          note([found])
          return found
        },
        rows: (parameters) => {
          const found = rows(parameters)
          note(found)
          return found
        }
      }
    }
  }
  return { watched, most: () => most }
}

it.each(['', 'asked-for'])(
  'large events that no search finds come in small pages too, to a reader of "%s"',
  async (prefix) => {
    const { watched, most } = measured(await unnamed())
    const read = pageReader(watched, schema2)
    const positions: Array<string> = []
    for (let after = 0, atEnd = false; !atEnd && positions.length < 2 * count; ) {
      const page = read(after, prefix, 1000, 0)
      positions.push(...(page.unreadable ?? []).map(({ position }) => position))
      after = Number(page.next)
      atEnd = page.atEnd
    }
    expect(positions).toEqual(Array.from({ length: count }, (_, index) => String(index + 1)))
    expect(most()).toBeLessThan(mostBytes)
  }
)
