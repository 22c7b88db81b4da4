import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Expire, Release, Renew } from '../../domain/commands.ts'
import { allOf, type Parsed } from '../../domain/parsing/parsed.ts'
import type { Settings } from '../settings.ts'
import { claim, recordId } from './claim.ts'
import { holderOf } from './holder.ts'
import { leaseLength } from './lease-length.ts'
import { type Prepared, prepared } from './prepared.ts'
import type { ExpireRequest, ReleaseRequest, RenewRequest } from './requests.ts'
import { optionalText } from './text.ts'

export const parseRelease = (settings: Settings, request: ReleaseRequest): Parsed<Prepared<Release>> =>
  pipe(
    allOf({
      claim: claim(settings.limits, request.claim),
      note: optionalText(settings.limits, '$.note', request.note)
    }),
    E.flatMap(({ claim: given, note }) => {
      const holder = holderOf(settings, given)
      return prepared(settings, given.recordId, request, (atMs) => ({
        _tag: 'Release',
        atMs,
        holder,
        ...(note === undefined ? {} : { note })
      }))
    })
  )

export const parseRenew = (settings: Settings, request: RenewRequest): Parsed<Prepared<Renew>> =>
  pipe(
    allOf({ claim: claim(settings.limits, request.claim), lease: leaseLength('$.leaseMs', request.leaseMs) }),
    E.flatMap(({ claim: given, lease }) => {
      const holder = holderOf(settings, given)
      return prepared(settings, given.recordId, request, (atMs) => ({ _tag: 'Renew', atMs, holder, lease }))
    })
  )

export const parseExpire = (settings: Settings, request: ExpireRequest): Parsed<Prepared<Expire>> =>
  pipe(
    recordId('$.recordId', request.recordId),
    E.flatMap((id) => prepared(settings, id, request, (atMs) => ({ _tag: 'Expire', atMs, policy: settings.policy })))
  )
