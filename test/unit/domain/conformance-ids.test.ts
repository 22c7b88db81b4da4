import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { fingerprint, recordId } from '../../../src/composition/hashing.ts'

const load = <Case>(name: string): ReadonlyArray<Case> =>
  JSON.parse(readFileSync(new URL(`../../conformance/${name}.json`, import.meta.url), 'utf8')).cases

type RecordIdCase = {
  readonly name: string
  readonly tenant: { readonly org_id: string; readonly workspace_id: string; readonly deployment_id?: string }
  readonly operation: string
  readonly key: string
  readonly record_id: string
}
type FingerprintCase = { readonly name: string; readonly parts: ReadonlyArray<string>; readonly fingerprint: string }

const recordIds = load<RecordIdCase>('record-ids')
const fingerprints = load<FingerprintCase>('fingerprints')

describe('conformance: record ids', () => {
  it('are all here', () => {
    expect(recordIds).toHaveLength(59)
  })
  it.each(recordIds.map((each) => [each.name, each] as const))('%s', (_, { tenant, operation, key, record_id }) => {
    const { org_id: orgId, workspace_id: workspaceId, deployment_id: deploymentId } = tenant
    expect(recordId({ orgId, workspaceId, deploymentId }, operation, key)).toBe(record_id)
  })
})

describe('conformance: fingerprints', () => {
  it('are all here', () => {
    expect(fingerprints).toHaveLength(35)
  })
  it.each(fingerprints.map((each) => [each.name, each] as const))('%s', (_, { parts, fingerprint: wanted }) => {
    expect(fingerprint(parts)).toBe(wanted)
  })
})

describe('the hashing helpers', () => {
  const tenant = { orgId: 'o', workspaceId: 'w' }

  it('refuse a lone surrogate, by its path: in UTF-8 they would all be one', () => {
    const refused = (path: string) =>
      expect.objectContaining({ tag: 'InvalidInput', failure: expect.objectContaining({ path }) })
    expect(() => fingerprint(['a', '\ud800'])).toThrow(refused('$.parts[1]'))
    expect(() => recordId(tenant, 'op', '\ud800')).toThrow(refused('$.key'))
    expect(() => recordId(tenant, '\udc00', 'k')).toThrow(refused('$.operation'))
    expect(() => recordId({ ...tenant, orgId: '\udc00' }, 'op', 'k')).toThrow(refused('$.tenant.orgId'))
    expect(() => recordId({ ...tenant, deploymentId: '\udc00' }, 'op', 'k')).toThrow(refused('$.tenant.deploymentId'))
  })
  it('refuse what is no string', () => {
    expect(() => fingerprint([7 as never])).toThrow(expect.objectContaining({ tag: 'InvalidInput' }))
  })
})
