import { existsSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort } from 'node:worker_threads'

const built = new URL('../../dist/adapters/sqlite/worker/writer-thread.js', import.meta.url)

const grow = () => {
  for (const kept = []; ; ) kept.push(new Array(100_000).fill(kept.length))
}

const ends = {
  exit: () => process.exit(3),
  throw: () => {
    throw new Error('doomed')
  },
  grow
}

/**
 * The program of a writer thread that ends at its work; where it is told of a file `done`, only the first time. `moment` is `before` it looks at a group, a statement, or `after` a COMMIT, before anybody is told.
 */
export const run = async ({ how, moment, done }) => {
  const end = () => {
    if (done !== undefined) {
      if (existsSync(done)) return
      writeFileSync(done, '')
    }
    ends[how]()
  }
  if (moment === 'before') parentPort.on('message', end)
  else if (moment === 'after') {
    const post = parentPort.postMessage.bind(parentPort)
    parentPort.postMessage = (reply) => {
      if (reply._tag === 'Committed') end()
      post(reply)
    }
  } else {
    const Database = createRequire(built)('libsql')
    const { exec } = Database.prototype
    Database.prototype.exec = function (sql) {
      if (sql === moment) end()
      return exec.call(this, sql)
    }
  }
  await import(built)
}
