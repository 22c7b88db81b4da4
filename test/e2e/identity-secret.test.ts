import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordId } from '../../src/composition/hashing.ts'
import { conformanceFolder } from '../support/conformance.ts'
import { keyfold } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { keyed, recordIdOf, reserve, reserveLine } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const secret = 'a secret of the shop, and long'
const mine = recordId({ orgId: 'acme', workspaceId: 'shop' }, 'payment.charge', 'order-1', { secret })

const recordIdLine = `${JSON.stringify({
  op: 'record_id',
  tenant: { org_id: 'acme', workspace_id: 'shop' },
  operation: 'payment.charge',
  key: 'order-1'
})}\n`

const under = (store: string, given = secret) => ({ env: { KEYFOLD_STORE: store, KEYFOLD_IDENTITY_SECRET: given } })

describe('KEYFOLD_IDENTITY_SECRET', () => {
  it('makes every record id of the command line, and of batch', async () => {
    const where = under(`sqlite:${temporaryFile('identity.db')}`)
    const { stdout } = await keyfold([...reserve('order-1', 'c-1'), '--json'], where)
    expect(JSON.parse(stdout)).toMatchObject({ result: 'reserved', claim: { record_id: mine } })
    const got = await keyfoldHere(['get', ...keyed('order-1'), '--json'], where)
    expect(JSON.parse(got.stdout)).toMatchObject({ record: { record_id: mine } })
    const batch = await keyfold(['batch'], { ...where, input: recordIdLine + reserveLine('order-1') })
    const [id, answer] = batch.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(id).toEqual({ record_id: mine })
    expect(answer).toMatchObject({ result: 'duplicate', record: { record_id: mine } })
    expect(mine).toMatch(/^idem_[0-9a-f]{64}$/)
    expect(mine).not.toBe(recordIdOf('order-1'))
  })
  it('left empty is none', async () => {
    const where = under(`sqlite:${temporaryFile('plain.db')}`, '')
    const { stdout } = await keyfold([...reserve('order-1', 'c-1'), '--json'], where)
    expect(JSON.parse(stdout)).toMatchObject({ claim: { record_id: recordIdOf('order-1') } })
  })
  it('too short to be one is refused by its name, and not shown', async () => {
    const { code, stdout, stderr } = await keyfoldHere(reserve('order-1', 'c-1'), under('memory:', 'tooshort'))
    expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
    expect(stderr).toContain('KEYFOLD_IDENTITY_SECRET')
    expect(stderr).not.toContain('tooshort')
    const batch = await keyfoldHere(['batch'], { ...under('memory:', 'tooshort'), input: recordIdLine })
    expect(batch.stdout + batch.stderr).toContain('KEYFOLD_IDENTITY_SECRET')
    expect(batch.stdout + batch.stderr).not.toContain('tooshort')
  })
  it('refuses import and export, which others could not make sense of', async () => {
    const where = under(`sqlite:${temporaryFile('refused.db')}`)
    await keyfoldHere(reserve('order-1', 'c-1'), where)
    for (const args of [['import', resolve(conformanceFolder, 'files/15-v1.json')], ['export']]) {
      const { code, stdout, stderr } = await keyfoldHere(args, where)
      expect({ code, stdout }).toEqual({ code: 10, stdout: '' })
      expect(stderr).toContain('identity secret')
    }
  })
})
