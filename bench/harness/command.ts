import { execFile } from 'node:child_process'
import * as E from 'fp-ts/Either'
import { quoted } from '../../src/domain/text.ts'

const limits = { timeout: 300_000, maxBuffer: 64 * 1024 * 1024 }

/** Runs a program to its end, five minutes at most; a `Left` is why it could not do what it was for. */
export const command = (program: string, args: ReadonlyArray<string>, cwd: string): Promise<E.Either<string, string>> =>
  new Promise((resolve) => {
    execFile(program, args, { cwd, ...limits }, (error, stdout, stderr) => {
      if (error === null) return resolve(E.right(stdout))
      const said = stderr.trim().split('\n')[0] || error.message
      resolve(E.left(`${program} ${args[0] ?? ''}: ${quoted(said)}`))
    })
  })
