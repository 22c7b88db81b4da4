import { describe, expect, it } from 'vitest'
import { usage } from '../chaos/options.ts'
import { kinds, usualPace } from '../chaos/strikes.ts'
import { read } from '../support/documents.ts'

const page = read('docs/reference/failover.md')

describe('the reference of failover', () => {
  it('names every option of npm run chaos, and no other', () => {
    const optionsOf = (text: string) =>
      new Set([...text.matchAll(/--(?!profile|detach|wait)[a-z-]{3,}/g)].map(([name]) => name))
    expect(optionsOf(page)).toEqual(optionsOf(usage))
  })

  it('says what each kind of strike does, and how long it takes', () => {
    for (const [kind, verbs] of Object.entries(kinds)) expect(page).toContain(`\`${kind}\` (${verbs.join(', ')})`)
    const { restart, kill, freeze } = usualPace.awayMs
    const paces = `a restart takes ${restart / 1000} s, a kill ${kill / 1000} s, a freeze ${freeze / 1000} s`
    expect(page.replaceAll('\n', ' ')).toContain(paces)
  })

  it('strikes a cluster of docker-compose.yml whose nodes keep what they wrote', () => {
    const compose = read('docker-compose.yml')
    const nodes = compose.slice(compose.indexOf('  node1:'))
    const shared = compose.slice(0, compose.indexOf('services:'))
    expect(compose).toContain('  eventstoredb:\n    <<: *node\n')
    for (const part of [nodes, shared]) expect(part).not.toMatch(/tmpfs|MEM_?DB/i)
  })
})
