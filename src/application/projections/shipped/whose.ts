import type { KeyIdentity } from '../../stream/key-identity.ts'
import type { HistoryEntry } from '../../use-cases/history.ts'

/** Whose key it is, by an event that begins a record of it; of any other event nothing. */
export const whoseIn = (entry: HistoryEntry): KeyIdentity | undefined => {
  if (entry.type !== 'Reserved' && entry.type !== 'Imported') return undefined
  const { tenant, operation } = entry.type === 'Reserved' ? entry.data : entry.data.record
  return { tenant, operation }
}

/** The columns that say whose a key is. */
export const whoseColumns = {
  org_id: 'text',
  workspace_id: 'text',
  deployment_id: 'text',
  operation: 'text'
} as const

export const whoseValues = (whose: KeyIdentity | undefined) => ({
  org_id: whose?.tenant.orgId,
  workspace_id: whose?.tenant.workspaceId,
  deployment_id: whose?.tenant.deploymentId,
  operation: whose?.operation
})
