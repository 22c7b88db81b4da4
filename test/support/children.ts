import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    readonly children: string
  }
}

/** A folder for the programs of the tests, for as long as Vitest runs; it is inside the project, where packages are. */
export const setup = (project: TestProject): (() => void) => {
  mkdirSync('.tmp', { recursive: true })
  const folder = mkdtempSync(resolve('.tmp/children-'))
  project.provide('children', folder)
  // what was built is of the sources as they were
  project.onTestsRerun(async () => {
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
  })
  return () => rmSync(folder, { recursive: true, force: true })
}
