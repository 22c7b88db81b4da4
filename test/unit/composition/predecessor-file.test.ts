import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLedger, KeyfoldError, readPredecessorFile, readPredecessorFileTaskEither } from '../../../src/index.ts'
import { openMemoryStore } from '../../../src/memory.ts'
import { conformanceFolder } from '../../support/conformance.ts'
import { fileOf } from '../../support/story.ts'

const bytes = (text: string): ReadonlyArray<Uint8Array> => [Buffer.from(text)]

describe('the predecessor’s file, read by a program', () => {
  it('gives records that importRecords takes, and tells how far it is', async () => {
    const store = await openMemoryStore()
    const ledger = createLedger({ store })
    const told: Array<number> = []
    const file = fileOf(20)
    const records = await readPredecessorFile(bytes(file), { onProgress: (read) => void told.push(read) })
    expect(told).toEqual([file.length])
    expect(await ledger.importRecords(records, { source: 'file' })).toEqual({ imported: 20, skipped: 0 })
  })
  it('fails as a stream of Node’s fails, by a tag', async () => {
    const gone = createReadStream(join(conformanceFolder, 'no-such-file'))
    await expect(readPredecessorFile(gone)).rejects.toMatchObject({ tag: 'ImportRefused' })
  })
  it.each<readonly [string, unknown]>([
    ['a text', '{}'],
    ['pieces of text', ['{}']],
    ['bytes that are no pieces', Buffer.from('{}')],
    ['nothing', [undefined]]
  ])('is none where there are no pieces of bytes: %s', async (_, chunks) => {
    await expect(readPredecessorFile(chunks as never)).rejects.toMatchObject({
      tag: 'InvalidInput',
      failure: { path: '$.chunks' }
    })
  })
  it.each([undefined, null, 7, {}])('fails by a tag where there is nothing to read from: %j', async (chunks) => {
    await expect(readPredecessorFile(chunks as never)).rejects.toBeInstanceOf(KeyfoldError)
    expect(await readPredecessorFileTaskEither(chunks as never)()).toMatchObject({ left: { _tag: 'ImportRefused' } })
  })
  it('is given up where its listener throws, and refused one that is none', async () => {
    const onProgress = (): void => {
      throw new Error('mine')
    }
    expect(await readPredecessorFileTaskEither(bytes('{}'), null as never)()).toMatchObject({
      left: { _tag: 'InvalidInput', path: '$.options' }
    })
    expect(await readPredecessorFileTaskEither(bytes('{}'), { onProgress })()).toMatchObject({
      left: { _tag: 'Aborted', cause: { message: 'mine' } }
    })
    expect(await readPredecessorFileTaskEither(bytes('{}'), { onProgress: 7 as never })()).toMatchObject({
      left: { _tag: 'InvalidInput', path: '$.onProgress' }
    })
  })
})
