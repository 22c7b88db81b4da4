import { pipe } from 'fp-ts/function'
import * as TE from 'fp-ts/TaskEither'
import { expect, it } from 'vitest'
import { createLedger } from '../../../../src/composition/ledger.ts'
import { openStore } from '../../../../src/composition/open-store.ts'
import { commandLine, type Terminal } from '../../../support/cli.ts'
import { frozen } from '../../../support/frozen-files.ts'

/** The command line on a file of schema 1. */
const listed = (terminal: Terminal) => {
  const { run } = commandLine({
    openLedger: ({ store: address, namedBy, make, onMigration }) =>
      pipe(
        openStore({ address, namedBy, make, ...(onMigration && { onMigration }) }),
        TE.map((opened) => ({ ledger: createLedger({ store: opened }).taskEither, dispose: () => opened.dispose() }))
      )
  })
  return run(['list', '--store', `sqlite:${frozen('all-events.v1')}`], terminal)
}

it('shows an operator that a store is being migrated, who would else look at a command that seems to hang', async () => {
  const { code, stdout, stderr } = await listed({ isTTY: true })
  expect(stderr).toContain('migrating the store')
  expect(stdout).toContain('payment.charge')
  expect(code).toBe(0)
})

it('says nothing of it where nobody looks on', async () => {
  const { code, stdout, stderr } = await listed({})
  expect(stderr).toBe('')
  expect(stdout).toContain('payment.charge')
  expect(code).toBe(0)
})
