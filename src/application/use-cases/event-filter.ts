import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { NamesOf } from '../../domain/parsing/known-members.ts'
import { allOf, type Parsed } from '../../domain/parsing/parsed.ts'
import { optionalInstant } from '../../domain/parsing/values.ts'
import { listener } from '../requests/listener.ts'
import { optionalText } from '../requests/text.ts'
import type { Settings } from '../settings.ts'
import type { SeenEvent } from '../stream/scan-events.ts'
import { equals, type ScanFilter, scanNames } from './scan-filter.ts'

/** Which events a scan is about; what is left out does not narrow it. */
export type EventFilter = Omit<ScanFilter, 'owner'> & {
  /** Only what the store recorded at this time or later, epoch ms. */
  readonly fromMs?: number | undefined
  /** Only what the store recorded before this time, epoch ms. */
  readonly untilMs?: number | undefined
}

const { owner: _, ...common } = scanNames

export const eventFilterNames: NamesOf<EventFilter> = { ...common, fromMs: true, untilMs: true }

export type EventScan = Pick<ScanFilter, 'onUnreadable' | 'onForeign'> & {
  /** Whether it takes to know whose key an event is of. */
  readonly byKey: boolean
  readonly isOfKey: (seen: Pick<SeenEvent, 'key'>) => boolean
  readonly isInTime: (seen: Pick<SeenEvent, 'recorded'>) => boolean
}

export const parseEventFilter = ({ limits }: Pick<Settings, 'limits'>, filter: EventFilter): Parsed<EventScan> =>
  pipe(
    allOf({
      orgId: optionalText(limits, '$.orgId', filter.orgId),
      workspaceId: optionalText(limits, '$.workspaceId', filter.workspaceId),
      operation: optionalText(limits, '$.operation', filter.operation),
      from: optionalInstant('$.fromMs', filter.fromMs),
      until: optionalInstant('$.untilMs', filter.untilMs),
      onUnreadable: listener('$.onUnreadable', filter.onUnreadable),
      onForeign: listener('$.onForeign', filter.onForeign)
    }),
    E.map(({ orgId, workspaceId, operation, from, until, onUnreadable, onForeign }) => ({
      onUnreadable,
      onForeign,
      byKey: [orgId, workspaceId, operation].some((wanted) => wanted !== undefined),
      isOfKey: ({ key }) =>
        equals(orgId, key?.tenant.orgId) &&
        equals(workspaceId, key?.tenant.workspaceId) &&
        equals(operation, key?.operation),
      isInTime: ({ recorded: { recordedAtMs } }) =>
        (from === undefined || recordedAtMs >= from) && (until === undefined || recordedAtMs < until)
    }))
  )
