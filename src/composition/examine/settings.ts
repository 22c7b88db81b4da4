import * as E from 'fp-ts/Either'
import { memoryStore } from '../../adapters/memory/event-store.ts'
import type { Check } from '../../interfaces/cli/deps.ts'
import { defaultCategory } from '../category.ts'
import { caught } from '../caught.ts'
import { createLedger } from '../ledger.ts'
import { fail, ok } from './check.ts'

/** Whether a ledger takes what the command line and the environment say, as each command that opens one asks. */
export const settingsCheck = async (category: string | undefined, secret: string | undefined): Promise<Check> => {
  const made = caught(() =>
    createLedger({
      store: memoryStore(),
      ...(category !== undefined && { category }),
      ...(secret !== undefined && { identity: { secret } })
    })
  )
  if (E.isLeft(made)) return fail('settings', made.left.message, 'correct --category, or KEYFOLD_IDENTITY_SECRET')
  await made.right.dispose()
  return ok(
    'settings',
    `category ${category ?? defaultCategory}, ${secret === undefined ? 'no' : 'an'} identity secret`
  )
}
