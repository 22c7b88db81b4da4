import type { ReserveAllRequest } from '../../src/application/requests/requests.ts'
import { asking, idOf, type ScriptedLedger, storedTypes, streamOf } from './scripted-ledger.ts'

export const wanting = (key: string, over: Partial<ReserveAllRequest> = {}): ReserveAllRequest => ({
  ...asking({ key }),
  lease: 1000,
  ...over
})

/** Three keys by ascending record id. */
export const keys = ['a', 'b', 'c'].sort((x, y) => (idOf(x) < idOf(y) ? -1 : 1))
export const [low = '', middle = '', high = ''] = keys
export const streams = keys.map((key) => streamOf(key))

export const appendedTo = ({ store }: Pick<ScriptedLedger, 'store'>): ReadonlyArray<string> =>
  store.appends.map(({ stream }) => stream)

export const allTypes = ({ store }: Pick<ScriptedLedger, 'store'>): Promise<ReadonlyArray<ReadonlyArray<string>>> =>
  Promise.all(keys.map((key) => storedTypes(store, key)))
