import * as E from 'fp-ts/Either'
import { pipe } from 'fp-ts/function'
import type { ExpireByOperator } from '../../domain/commands.ts'
import { allOf, type Parsed, refused } from '../../domain/parsing/parsed.ts'
import { trimWhiteSpace } from '../../domain/text.ts'
import type { Settings } from '../settings.ts'
import { type KeyFields, keyFields } from './key-fields.ts'
import { type Prepared, prepared } from './prepared.ts'
import type { OperatorRequest } from './requests.ts'
import { text } from './text.ts'

/** An operator says who they are and why; neither may be blank. */
const said = (settings: Settings, path: string, value: unknown): Parsed<string> =>
  pipe(
    text(settings.limits, path, value),
    E.flatMap((given) => (trimWhiteSpace(given) === '' ? refused(`${path} cannot be blank`, path) : E.right(given)))
  )

export const operatorFields = (
  settings: Settings,
  request: OperatorRequest
): Parsed<KeyFields & { readonly note: string }> =>
  pipe(
    allOf({
      key: keyFields(settings, request, ['key', 'operation']),
      actor: said(settings, '$.actor', request.actor),
      note: said(settings, '$.note', request.note)
    }),
    E.map(({ key, note }) => ({ ...key, note }))
  )

export const parseExpireByOperator = (
  settings: Settings,
  request: OperatorRequest
): Parsed<Prepared<ExpireByOperator>> =>
  pipe(
    operatorFields(settings, request),
    E.flatMap(({ recordId, note }) =>
      prepared(settings, recordId, request, (atMs) => ({ _tag: 'ExpireByOperator', atMs, note }))
    )
  )
