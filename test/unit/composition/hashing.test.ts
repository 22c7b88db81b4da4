import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { fingerprint, jsonFingerprint, recordId } from '../../../src/composition/hashing.ts'
import { KeyfoldError } from '../../../src/composition/promises.ts'

const tenant = { orgId: 'o', workspaceId: 'w' }

describe('the hashing helpers', () => {
  it.each<[string, () => unknown]>([
    ['$.tenant', () => recordId(null as never, 'op', 'k')],
    ['$.tenant', () => recordId('o' as never, 'op', 'k')],
    ['$.tenant.orgId', () => recordId({ ...tenant, orgId: 7 as never }, 'op', 'k')],
    ['$.tenant.orgId', () => recordId({ ...tenant, orgId: '\ud800' }, 'op', 'k')],
    ['$.tenant.workspaceId', () => recordId({ orgId: 'o' } as never, 'op', 'k')],
    ['$.tenant.deploymentId', () => recordId({ ...tenant, deploymentId: '\udfff' }, 'op', 'k')],
    ['$.operation', () => recordId(tenant, undefined as never, 'k')],
    ['$.key', () => recordId(tenant, 'op', 'secret\ud800')],
    ['$.parts', () => fingerprint(undefined as never)],
    ['$.parts', () => fingerprint('text' as never)],
    ['$.parts[1]', () => fingerprint(['a', 7 as never])],
    ['$.parts[0]', () => fingerprint(Array(1))],
    ['$.parts[0]', () => fingerprint(['\ud800'])],
    ['$.parts[0]', () => fingerprint([new Uint16Array(2) as never])],
    ['$.parts[1]', () => fingerprint(['a', new ArrayBuffer(2) as never])],
    ['$', () => jsonFingerprint(undefined)],
    ['$.a', () => jsonFingerprint({ a: 1n })]
  ])('throw one KeyfoldError, by the path: %s', (path, run) => {
    expect(run).toThrow(KeyfoldError)
    expect(run).toThrow(expect.objectContaining({ tag: 'InvalidInput', failure: expect.objectContaining({ path }) }))
    expect(run).not.toThrow(/secret/)
  })
  it('neither trim, nor refuse empty parts, nor limit', () => {
    expect(recordId({ orgId: '', workspaceId: '' }, '', '')).toMatch(/^idem_[0-9a-f]{64}$/)
    expect(recordId(tenant, 'op', ' k')).not.toBe(recordId(tenant, 'op', 'k'))
    expect(recordId(tenant, 'op', 'k'.repeat(100_000))).toMatch(/^idem_/)
    expect(recordId({ ...tenant, deploymentId: '' }, 'op', 'k')).toBe(recordId(tenant, 'op', 'k'))
  })
  it('take bytes as they are, beside texts', () => {
    expect(fingerprint([new TextEncoder().encode('grüße'), 'b'])).toBe(fingerprint(['grüße', 'b']))
    expect(fingerprint([Buffer.from([0xff, 0xd8])])).not.toBe(fingerprint([Buffer.from([0xff, 0xd9])]))
    expect(fingerprint([new Uint8Array()])).toBe(fingerprint(['']))
  })
  it('take bytes of another realm, as a test runner hands them over', () => {
    const foreign: Uint8Array = runInNewContext('new Uint8Array([97, 98])')
    expect(foreign).not.toBeInstanceOf(Uint8Array)
    expect(fingerprint([foreign])).toBe(fingerprint(['ab']))
  })
  it('refuse bytes that were handed over, and believe no class of what it holds', () => {
    const gone = new Uint8Array([1, 2])
    structuredClone(gone.buffer, { transfer: [gone.buffer] })
    expect(() => fingerprint(['a', gone])).toThrow(
      expect.objectContaining({ tag: 'InvalidInput', failure: expect.objectContaining({ path: '$.parts[1]' }) })
    )
    class Longer extends Uint8Array {
      override get length() {
        return 2 ** 40
      }
    }
    expect(fingerprint([new Longer([97, 98])])).toBe(fingerprint(['ab']))
  })
  it('hash nothing where there are no parts', () => {
    expect(fingerprint([])).toBe('sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
    expect(fingerprint(['ab', 'c'])).not.toBe(fingerprint(['a', 'bc']))
  })
})
