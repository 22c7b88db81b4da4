import { startStandIn } from 'keyfold/testing/eventstoredb'
import { describe, expect, it } from 'vitest'
import { serverErrors } from '../../src/testing/eventstoredb-stand-in/fault-rules.ts'
import { read } from '../support/documents.ts'

const page = read('docs/reference/eventstoredb-stand-in.md')

describe('the reference of the stand-in', () => {
  it('has every error that can be scripted, once, and no other', () => {
    const documented = [...page.matchAll(/^\| `\{ error: '(\w+)' \}` \|/gm)].map(([, error]) => error)
    expect(documented.toSorted()).toEqual(Object.keys(serverErrors).toSorted())
  })

  it('has every member of a running one, and of its faults', async () => {
    const server = await startStandIn()
    await server.stop()
    const members = /## A running stand-in\n(.*?)\n## /s.exec(page)?.[1] ?? ''
    const named = [...members.matchAll(/`(\w+)(?:\(\))?`/g)].map(([, name = '']) => name)
    expect(Object.keys(server).filter((name) => !named.includes(name))).toEqual([])
    for (const name of Object.keys(server.faults)) expect(page).toContain(`faults.${name}(`)
  })
})
