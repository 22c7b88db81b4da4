import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keyfoldHere } from './keyfold-here.ts'

/** What doctor finds of a store, and of each thing whether it is in order. */
export const doctor = async (store: string, cwd: string, command = keyfoldHere) => {
  const { code, stdout } = await command(['doctor', '--json', '--store', store], { cwd })
  const { in_order: inOrder, checks } = JSON.parse(stdout)
  const states = Object.fromEntries(
    checks.map(({ what, state }: { readonly what: string; readonly state: string }) => [what, state])
  )
  return { code, inOrder, states, checks, stdout }
}

/** The files in a folder with what is in them. */
export const contents = (folder: string) =>
  readdirSync(folder)
    // shared memory is of those who have the file open: it is made anew for each
    .filter((name) => !name.endsWith('-shm'))
    .map((name) => [name, readFileSync(join(folder, name)).toString('hex')])
