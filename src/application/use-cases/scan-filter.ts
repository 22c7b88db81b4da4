import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { NamesOf } from '../../domain/parsing/known-members.ts'
import { allOf, type Parsed } from '../../domain/parsing/parsed.ts'
import type { IdempotencyRecord } from '../../domain/record.ts'
import { listener } from '../requests/listener.ts'
import { optionalText } from '../requests/text.ts'
import type { Settings } from '../settings.ts'
import type { UnreadableStream } from '../stream/scan.ts'

/** Whose records a scan is about, and who is told of what it comes across; what is left out does not narrow it. */
export type ScanFilter = {
  /** Only records of this organisation. */
  readonly orgId?: string | undefined
  /** Only records of this workspace. */
  readonly workspaceId?: string | undefined
  /** Only records of this operation. */
  readonly operation?: string | undefined
  /** Only records that this owner reserved. */
  readonly owner?: string | undefined
  /**
   * Told of each stream that cannot be read, which is then left out. Without it the scan goes on to its end all the same,
   * and fails by the first of them. One that throws ends the scan: `Aborted`.
   */
  readonly onUnreadable?: ((stream: UnreadableStream) => void) | undefined
  /** Told of each stream that only begins like one of a key, and is left out. One that throws ends the scan: `Aborted`. */
  readonly onForeign?: ((stream: string) => void) | undefined
}

export const scanNames: NamesOf<ScanFilter> = {
  orgId: true,
  workspaceId: true,
  operation: true,
  owner: true,
  onUnreadable: true,
  onForeign: true
}

export const equals = <A>(wanted: A | undefined, actual: A): boolean => wanted === undefined || wanted === actual

export type Scan = Pick<ScanFilter, 'onUnreadable' | 'onForeign'> & {
  readonly fits: (record: IdempotencyRecord) => boolean
}

export const parseScanFilter = ({ limits }: Pick<Settings, 'limits'>, filter: ScanFilter): Parsed<Scan> =>
  pipe(
    allOf({
      orgId: optionalText(limits, '$.orgId', filter.orgId),
      workspaceId: optionalText(limits, '$.workspaceId', filter.workspaceId),
      operation: optionalText(limits, '$.operation', filter.operation),
      owner: optionalText(limits, '$.owner', filter.owner),
      onUnreadable: listener('$.onUnreadable', filter.onUnreadable),
      onForeign: listener('$.onForeign', filter.onForeign)
    }),
    E.map(({ orgId, workspaceId, operation, owner, onUnreadable, onForeign }) => ({
      onUnreadable,
      onForeign,
      fits: (record) =>
        equals(orgId, record.tenant.orgId) &&
        equals(workspaceId, record.tenant.workspaceId) &&
        equals(operation, record.operation) &&
        equals(owner, record.owner)
    }))
  )
