import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { Expire, Release, Renew } from '../../domain/commands.ts'
import { claim, leaseLength, optionalText, type Parsed, recordId } from '../../domain/parse.ts'
import type { ExpireRequest, ReleaseRequest, RenewRequest } from '../../domain/requests.ts'
import type { Settings } from '../settings.ts'
import { type Prepared, prepared } from '../submit.ts'

export const parseRelease = (settings: Settings, request: ReleaseRequest): Parsed<Prepared<Release>> => {
  const held = claim(settings.limits, request.claim)
  if (E.isLeft(held)) return held
  const note = optionalText(settings.limits, '$.note', request.note)
  if (E.isLeft(note)) return note
  const { recordId: id, epoch, claimId } = held.right
  return prepared(settings, id, request, (atMs) => ({
    _tag: 'Release',
    atMs,
    holder: { epoch, claimId },
    note: note.right
  }))
}

export const parseRenew = (settings: Settings, request: RenewRequest): Parsed<Prepared<Renew>> => {
  const held = claim(settings.limits, request.claim)
  if (E.isLeft(held)) return held
  const lease = leaseLength('$.leaseMs', request.leaseMs)
  if (E.isLeft(lease)) return lease
  const { recordId: id, epoch, claimId } = held.right
  return prepared(settings, id, request, (atMs) => ({
    _tag: 'Renew',
    atMs,
    holder: { epoch, claimId },
    lease: lease.right
  }))
}

export const parseExpire = (settings: Settings, request: ExpireRequest): Parsed<Prepared<Expire>> =>
  pipe(
    recordId('$.recordId', request.recordId),
    E.flatMap((id) => prepared(settings, id, request, (atMs) => ({ _tag: 'Expire', atMs, policy: settings.policy })))
  )
