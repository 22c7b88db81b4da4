import { recordId } from '../src/index.ts'
import { benchmark, measured, perSecond } from './harness/figure.ts'

const tenant = { orgId: 'acme', workspaceId: 'shop' }
const operation = 'payment.charge'
const keys = 1_000_000
const keyOf = (n: number): string => `order-${String(n).padStart(6, '0')}`

/** What docs/explanation/security.md says of keys that can be guessed: all of them tried against one stream name. */
export const guess = benchmark({
  name: 'guess',
  about: 'a six-digit key found from the name of its stream, by trying, on one core',
  goals: { 'the last of a million': 'told' },
  run: async () => {
    const name = recordId(tenant, operation, keyOf(keys - 1))
    let found = ''
    // processor time: there is nothing to wait for, and others may be at work
    const before = process.cpuUsage()
    for (let n = 0; n < keys && found === ''; n++) {
      if (recordId(tenant, operation, keyOf(n)) === name) found = keyOf(n)
    }
    const { user, system } = process.cpuUsage(before)
    const ms = (user + system) / 1000
    if (found !== keyOf(keys - 1)) throw new Error('the key was not found')
    const text = `${(ms / 1000).toFixed(1)} s, ${perSecond(keys, ms)}`
    return { 'the last of a million': measured({ measured: text, value: ms }) }
  }
})
