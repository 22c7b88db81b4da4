import { tmpdir } from 'node:os'
import process from 'node:process'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { command } from '../../bench/harness/command.ts'

const node = (script: string) => command(process.execPath, ['-e', script], tmpdir())

describe('a program that the benchmark needs', () => {
  it('gives what it printed', async () => expect(await node('console.log(6 * 7)')).toEqual(E.right('42\n')))
  it('that fails is a reason: the first that it said, and no more than can be read', async () => {
    const said = await node(`console.error('no history' + 'x'.repeat(5000) + '\\nmore'); process.exit(1)`)
    expect(said).toMatchObject({ left: expect.stringContaining('no history') })
    expect(E.isLeft(said) && said.left.endsWith('x…')).toBe(true)
  })
  it('that is not there is a reason', async () =>
    expect(await command('no-such-program', ['ci'], tmpdir())).toMatchObject({
      left: expect.stringMatching(/^no-such-program ci: .*ENOENT/)
    }))
})
