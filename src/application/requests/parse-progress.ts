import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { MarkInDoubt, ReachRecoveryPoint } from '../../domain/commands.ts'
import type { Json, JsonInput } from '../../domain/json.ts'
import { allOf, type Parsed } from '../../domain/parsing/parsed.ts'
import { maxPointBytes, pointFault, type RecoveryPoint } from '../../domain/recovery-points.ts'
import { takenJson } from '../../domain/taken-json.ts'
import type { Settings } from '../settings.ts'
import { claim } from './claim.ts'
import { holderOf } from './holder.ts'
import { type Prepared, prepared } from './prepared.ts'
import type { MarkInDoubtRequest, ReachRecoveryPointRequest } from './requests.ts'
import { filledText, optionalText } from './text.ts'

/** The data of a point: JSON throughout, within the limits, and a copy that the caller cannot change afterwards. */
const pointData = ({ limits }: Settings, data: JsonInput | undefined): Parsed<Json | undefined> =>
  takenJson(data, '$.data', { maxDepth: limits.detailsDepth, maxValues: maxPointBytes })

/** A point that may stand alone in a record; whether it may beside others, only the record tells. */
const point = (settings: Settings, { name, data }: ReachRecoveryPointRequest): Parsed<RecoveryPoint> =>
  pipe(
    allOf({ name: filledText(settings.limits, '$.name', name), data: pointData(settings, data) }),
    E.flatMap((given) => {
      const fault = pointFault([], given)
      return fault === undefined ? E.right(given) : E.left(fault)
    })
  )

export const parseReachRecoveryPoint = (
  settings: Settings,
  request: ReachRecoveryPointRequest
): Parsed<Prepared<ReachRecoveryPoint>> =>
  pipe(
    allOf({ claim: claim(settings.limits, request.claim), point: point(settings, request) }),
    E.flatMap(({ claim: given, point: { name, data } }) => {
      const holder = holderOf(settings, given)
      return prepared(settings, given.recordId, request, (atMs) => ({
        _tag: 'ReachRecoveryPoint',
        atMs,
        holder,
        name,
        data
      }))
    })
  )

export const parseMarkInDoubt = (settings: Settings, request: MarkInDoubtRequest): Parsed<Prepared<MarkInDoubt>> =>
  pipe(
    allOf({
      claim: claim(settings.limits, request.claim),
      note: optionalText(settings.limits, '$.note', request.note)
    }),
    E.flatMap(({ claim: given, note }) => {
      const holder = holderOf(settings, given)
      return prepared(settings, given.recordId, request, (atMs) => ({ _tag: 'MarkInDoubt', atMs, holder, note }))
    })
  )
