import * as E from 'fp-ts/Either'
import { failure } from '../../domain/failure.ts'
import { ownText } from '../../domain/own-text.ts'
import { type Parsed, refused } from '../../domain/parsing/parsed.ts'
import { filled, string } from '../../domain/parsing/values.ts'
import { utf8Bytes } from '../../domain/text.ts'
import type { Limits } from '../settings.ts'

/** A text field that is kept as it is, apart from what it was cut out of: well-formed and within the limit. */
export const text = (limits: Limits, path: string, value: unknown): Parsed<string> => {
  if (typeof value !== 'string') return string(path, value)
  if (!value.isWellFormed()) return refused(`${path} holds a lone surrogate`, path)
  // three bytes a code unit is the most that UTF-8 takes: a short text needs no counting
  const size = value.length * 3 <= limits.fieldBytes ? 0 : utf8Bytes(value)
  if (size <= limits.fieldBytes) return E.right(ownText(value))
  const message = `${path} has ${size} bytes, over the limit of ${limits.fieldBytes} bytes`
  return E.left(failure('LimitExceeded', message, { path, limit: limits.fieldBytes, size }))
}

export const optionalText = (limits: Limits, path: string, value: unknown): Parsed<string | undefined> =>
  value === undefined ? E.right(undefined) : text(limits, path, value)

export const filledText = (limits: Limits, path: string, value: unknown): Parsed<string> =>
  typeof value === 'string' && value !== '' ? text(limits, path, value) : filled(path, value)
