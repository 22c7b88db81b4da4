import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { standIn } from '../../../support/eventstoredb.ts'
import { temporaryFile } from '../../../support/temporary-file.ts'
import { certificate, privateKey } from './certificate.ts'

type Ended = { readonly code: unknown; readonly said: ReadonlyArray<string>; readonly complaints: string }

/** Far more than anything here takes: only what waits for the end of its time gets less. */
const plentyMs = 60_000
const littleMs = 500
/** A connection that is refused is tried again until then: on a busy machine the first refusal takes a while. */
const refusedMs = 5_000

/** Runs a process that uses a store and disposes of it, and waits for it to end by itself. */
const runChild = (
  url: string,
  { owner = 'store', deadlineMs = plentyMs }: { owner?: 'store' | 'caller'; deadlineMs?: number } = {}
): Promise<Ended> =>
  new Promise((done) => {
    const child = resolve(import.meta.dirname, 'exit-child.mjs')
    const started = execFile(process.execPath, [child, url, owner, String(deadlineMs)], (error, stdout, stderr) =>
      done({ code: error?.code ?? started.exitCode, said: stdout.trim().split('\n'), complaints: stderr })
    )
    onTestFinished(() => void started.kill('SIGKILL'))
  })

const says = (append: string, subscription: string): Ended => ({
  code: 0,
  said: [`append: ${append}`, `subscription: ${subscription}`, 'disposed', 'nothing is left waiting'],
  complaints: ''
})

describe('a process ends by itself once its store is disposed of, with calls and subscriptions under way', () => {
  it('on a server that answers', async () => {
    expect(await runChild((await standIn()).url)).toEqual(says('written', 'Event'))
  })

  it('on one that answers over TLS', async () => {
    const caFile = temporaryFile('ca.pem')
    writeFileSync(caFile, certificate)
    const server = await standIn({ tls: { cert: certificate, key: privateKey, caFile } })
    // by its IP address, which is no name of a server: Node warns of it as one, and 26 refuses it
    expect(await runChild(server.url)).toEqual(says('written', 'Event'))
  })

  it.each(['store', 'caller'] as const)('on one that stops answering, through a client of the %s', async (owner) => {
    const server = await standIn()
    let calls = 0
    server.faults.always(() => (++calls > 2 ? { do: 'hang' } : undefined))
    expect(await runChild(server.url, { owner })).toEqual(says('written', 'Event'))
  })

  it('on one whose connection is half open after the first calls', async () => {
    const server = await standIn()
    let calls = 0
    server.faults.always(() => (++calls > 2 ? { do: 'freeze' } : undefined))
    expect(await runChild(server.url)).toEqual(says('written', 'Event'))
  })

  it('on one that accepts and never answers', async () => {
    const server = await standIn()
    server.mute()
    expect(await runChild(server.url, { deadlineMs: littleMs })).toEqual(says('StoreTimeout', 'StoreTimeout'))
  })

  it('on a cluster whose nodes accept and never answer', async () => {
    const server = await standIn()
    const other = await standIn({ joins: server })
    server.mute()
    other.mute()
    expect(await runChild(server.clusterUrl(), { deadlineMs: littleMs })).toEqual(says('StoreTimeout', 'StoreTimeout'))
  })

  it('where nobody listens', async () => {
    const server = await standIn()
    await server.stop()
    expect(await runChild(server.url, { deadlineMs: refusedMs })).toEqual(says('StoreUnavailable', 'StoreUnavailable'))
  })
})
