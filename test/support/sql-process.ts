import { type Program, start } from './child.ts'

type Said = { readonly done: number } | { readonly failed: string }

/** Another application on a database file, in a process of its own. It goes with the test. */
export type SqlProcess = {
  readonly run: (...statements: ReadonlyArray<string>) => Promise<void>
  readonly kill: () => Promise<void>
}

export const sqlProcess = (program: Program, file: string): SqlProcess => {
  const child = start<Said>(program, { file })
  let told = 0
  return {
    run: async (...statements) => {
      for (const statement of statements) {
        child.tell(statement)
        told++
        const said = await child.hear((one) => 'failed' in one || one.done === told)
        if ('failed' in said) throw new Error(`${statement}: ${said.failed}`)
      }
    },
    kill: child.kill
  }
}
