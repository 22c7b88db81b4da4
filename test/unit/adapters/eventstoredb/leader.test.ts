import { describe, expect, it } from 'vitest'
import type { Address } from '../../../../src/adapters/eventstoredb/client/address.ts'
import type { Member } from '../../../../src/adapters/eventstoredb/client/gossip.ts'
import { leadOf } from '../../../../src/adapters/eventstoredb/client/leader.ts'
import { sharedRound } from '../../../../src/adapters/eventstoredb/client/shared-round.ts'
import { gate } from '../../../support/gate.ts'

const at = (port: number): Address => ({ host: 'node', port })

/** What a node tells: who leads, and who else there is, `+` for a read-only one. */
const told = (leader: number | undefined, ...others: ReadonlyArray<number | `+${number}`>): ReadonlyArray<Member> => [
  ...(leader === undefined ? [] : [{ address: at(leader), role: 'leader' as const }]),
  ...others.map(
    (one): Member => ({ address: at(Number(one)), role: typeof one === 'string' ? 'readOnly' : 'follower' })
  )
]

type Answer = ReadonlyArray<Member> | 'refused' | 'silent'

const lead = (nodes: ReadonlyArray<number>, answers: { readonly [port: number]: Answer }) =>
  leadOf(nodes.map(at), async ({ port }) => answers[port] ?? 'refused')

describe('who leads, for a read that must not be behind', () => {
  it.each<readonly [string, ReadonlyArray<number>, { readonly [port: number]: Answer }, Address | 'alone' | undefined]>(
    [
      ['one that most name', [1, 2, 3], { 1: told(1, 2, 3), 2: told(2, 1, 3), 3: told(2, 1, 3) }, at(2)],
      ['one that all name', [1, 2, 3], { 1: told(1, 2, 3), 2: told(1, 2, 3), 3: told(1, 2, 3) }, at(1)],
      ['one that most name while another is silent', [1, 2, 3], { 1: 'silent', 2: told(2, 3), 3: told(2, 3) }, at(2)],
      ['nobody that only names itself', [1, 2, 3], { 1: told(1, 2, 3), 2: 'silent', 3: 'refused' }, undefined],
      ['nobody where two disagree', [1, 2], { 1: told(1, 2), 2: told(2, 1) }, undefined],
      [
        'nobody where none is elected',
        [1, 2, 3],
        { 1: told(1, 2, 3), 2: told(undefined, 1, 2, 3), 3: told(undefined, 1) },
        undefined
      ],
      ['nobody where nobody answers', [1, 2, 3], { 1: 'silent', 2: 'silent', 3: 'silent' }, undefined],
      ['one node that has no others', [1], { 1: told(1) }, 'alone'],
      ['one node that tells nothing', [1], { 1: 'refused' }, 'alone'],
      ['one node whose others cannot be reached', [1], { 1: told(1, 2, 3), 2: 'silent' }, 'alone'],
      ['nobody where the others of one node disagree with it', [1], { 1: told(1, 2, 3), 2: told(2, 1, 3) }, undefined],
      ['nobody where one node is silent', [1], { 1: 'silent' }, undefined],
      [
        'whom the others name, of whom one node tells',
        [1],
        { 1: told(1, 2, 3), 2: told(2, 1, 3), 3: told(2, 1, 3) },
        at(2)
      ],
      ['one node with a read-only one beside it', [1], { 1: told(1, '+2') }, 'alone']
    ]
  )('is %s', async (_, nodes, answers, leader) => {
    expect(await lead(nodes, answers)).toEqual(leader)
  })
})

describe('a round that many share', () => {
  it('begins after each of them asked', async () => {
    const doors = [gate(), gate(), gate()]
    let begun = 0
    const ask = sharedRound(async () => {
      const round = begun++
      await doors[round]?.pass()
      return round
    })
    const first = ask()
    await doors[0]?.reached
    const later = [ask(), ask()]
    expect(begun).toBe(1)
    doors[0]?.open()
    doors[1]?.open()
    expect([await first, ...(await Promise.all(later))]).toEqual([0, 1, 1])
  })

  it('goes on after one that failed', async () => {
    let begun = 0
    const ask = sharedRound(async () => {
      if (begun++ === 0) throw new Error('the first fails')
      return begun
    })
    await expect(ask()).rejects.toThrow('the first fails')
    expect(await ask()).toBe(2)
  })
})
