import { createInterface } from 'node:readline'
import { connect } from '../../src/adapters/sqlite/connection.ts'

// Run as a process of its own: another application that uses a database file. Executes one statement for every line
// that it is told, and says `{ done: n }`, or `{ failed: message }`. Lives until its input ends, or until it is killed.
const { file }: { readonly file: string } = JSON.parse(process.argv[2] ?? '')
const connection = connect(file)
// whoever leaves a read open must not have it collected
const open: Array<unknown> = []
let done = 0
for await (const line of createInterface({ input: process.stdin })) {
  const sql: string = JSON.parse(line)
  try {
    if (/^(SELECT|PRAGMA)/i.test(sql)) {
      const statement = connection.prepare(sql)
      open.push(statement)
      statement.rows([])
    } else connection.exec(sql)
    done++
    console.log(JSON.stringify({ done }))
  } catch (cause) {
    console.log(JSON.stringify({ failed: String(cause) }))
  }
}
