import { describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { start } from '../support/keyfold.ts'
import { keyfoldHere } from '../support/keyfold-here.ts'
import { reserve } from '../support/story.ts'
import { temporaryFile } from '../support/temporary-file.ts'

const setUp = async () => {
  const where = { env: { KEYFOLD_STORE: `sqlite:${temporaryFile('ledger.db')}` } }
  const reserved = async (key: string) => expect(await keyfoldHere(reserve(key, key), where)).toMatchObject({ code: 0 })
  await reserved('first')
  const tail = (...args: ReadonlyArray<string>) => {
    const running = start(['tail', '--json', ...args], where)
    let text = ''
    running.child.stdout.on('data', (chunk: Uint8Array) => {
      text += Buffer.from(chunk).toString()
    })
    const keys = () => [...text.matchAll(/"key":"([\w-]+)"/g)].map(([, key]) => key)
    return { ...running, keys }
  }
  return { reserved, tail }
}

describe('keyfold tail, while others write', () => {
  it('shows what was there and what comes, and ends in order when it is interrupted', async () => {
    const { reserved, tail } = await setUp()
    const { child, ended, keys } = tail('--from=start')
    await eventually(() => expect(keys()).toEqual(['first']))
    await reserved('second')
    await eventually(() => expect(keys()).toEqual(['first', 'second']))
    child.kill('SIGINT')
    expect(await ended).toMatchObject({ code: 130, signal: null, stderr: '' })
  })

  it('begins at the end of the log', async () => {
    const { reserved, tail } = await setUp()
    const { child, ended, keys } = tail()
    for (let n = 0; n < 50 && keys().length === 0; n++) await reserved(`key-${n}`)
    expect(keys()).not.toContain('first')
    expect(keys()[0]).toMatch(/^key-\d+$/)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ code: 143, stderr: '' })
  })

  it('ends when nobody reads it any more', async () => {
    const { reserved, tail } = await setUp()
    const { child, ended, keys } = tail('--from=start')
    await eventually(() => expect(keys()).toEqual(['first']))
    child.stdout.destroy()
    await reserved('second')
    expect(await ended).toMatchObject({ code: 141, stderr: '' })
  })
})
