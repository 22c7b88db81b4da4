import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import * as E from 'fp-ts/Either'
import { command } from '../harness/command.ts'

/** The last commit whose store is measured beside today's. */
const commit = 'c9ae726'

const folder = resolve('.tmp/schema-1')

/**
 * Builds the keyfold of schema 1 from its commit, in a folder of its own that is kept for the next run. A `Left` is why
 * it cannot be: a clone without its history, or no packages.
 */
export const buildSchema1 = async (): Promise<E.Either<string, { readonly dist: string }>> => {
  const built = { dist: join(folder, 'dist') }
  if (existsSync(folder)) return E.right(built)
  const partial = `${folder}-partial`
  rmSync(partial, { recursive: true, force: true })
  mkdirSync(partial, { recursive: true })
  const archive = join(partial, 'source.tar')
  const steps: ReadonlyArray<readonly [program: string, args: ReadonlyArray<string>, cwd: string]> = [
    ['git', ['archive', '--format=tar', `--output=${archive}`, commit], resolve('.')],
    ['tar', ['-xf', archive], partial],
    ['npm', ['ci', '--ignore-scripts', '--prefer-offline'], partial],
    ['npm', ['run', 'build'], partial]
  ]
  for (const [program, args, cwd] of steps) {
    const ended = await command(program, args, cwd)
    if (E.isLeft(ended)) return ended
  }
  // whole or not there: what was broken off is not taken for a build
  renameSync(partial, folder)
  return E.right(built)
}
