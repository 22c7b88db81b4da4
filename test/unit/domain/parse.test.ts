import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { claim } from '../../../src/application/requests/claim.ts'
import { leaseLength } from '../../../src/application/requests/lease-length.ts'
import type { TenantInput } from '../../../src/application/requests/requests.ts'
import { tenant } from '../../../src/application/requests/tenant.ts'
import { optionalText, text } from '../../../src/application/requests/text.ts'
import { trimmed, trimmedFields } from '../../../src/application/requests/trimmed-fields.ts'
import { defaultLimits } from '../../../src/application/settings.ts'
import type { Claim } from '../../../src/domain/claim.ts'
import { instant, millis, optionalInstant } from '../../../src/domain/parsing/values.ts'
import * as ex from '../../arbitraries/examples.ts'

const parse = {
  claim,
  instant,
  leaseLength,
  millis,
  optionalInstant,
  optionalText,
  tenant,
  text,
  trimmed,
  trimmedFields
}

const limits = defaultLimits

const invalid = (path: string) => ({ _tag: 'Left', left: { _tag: 'InvalidInput', path } })
const over = (path: string, limit: number, size: number) => ({
  _tag: 'Left',
  left: {
    _tag: 'LimitExceeded',
    path,
    limit,
    size,
    message: expect.stringMatching(new RegExp(`${size} bytes.*${limit} bytes`))
  }
})

describe('text', () => {
  it.each([
    ['one byte', 'a', 4096],
    ['two bytes', 'é', 2048],
    ['four bytes', '😀', 1024]
  ])('may have 4 KiB of UTF-8 and no more: %s a character', (_, character, count) => {
    const full = character.repeat(count)
    expect(parse.text(limits, '$.key', full)).toEqual(E.right(full))
    expect(parse.text(limits, '$.key', `${full}a`)).toMatchObject(over('$.key', 4096, 4097))
  })
  it('counts three bytes a character', () => {
    expect(E.isRight(parse.text(limits, '$.key', `${'€'.repeat(1365)}a`))).toBe(true)
    expect(parse.text(limits, '$.key', '€'.repeat(1366))).toMatchObject(over('$.key', 4096, 4098))
  })
  it('goes by the limit that is set', () => {
    expect(parse.text({ ...limits, fieldBytes: 2 }, '$.key', 'abc')).toMatchObject(over('$.key', 2, 3))
    expect(parse.text({ ...limits, fieldBytes: 0 }, '$.key', '')).toEqual(E.right(''))
  })
  it.each(['\ud800', 'a\udfff', '\udc00\ud800', `${'a'.repeat(5000)}\ud800`])('refuses a lone surrogate', (text) => {
    expect(parse.text(limits, '$.note', text)).toMatchObject(invalid('$.note'))
  })
  it.each([7, null, undefined, {}, ['a']])('refuses what is no string: %j', (value) => {
    expect(parse.text(limits, '$.note', value)).toMatchObject(invalid('$.note'))
  })
  it('is kept as it is', () => {
    expect(parse.text(limits, '$.note', ' \u0085 ')).toEqual(E.right(' \u0085 '))
    expect(parse.optionalText(limits, '$.note', undefined)).toEqual(E.right(undefined))
    expect(parse.optionalText(limits, '$.note', null)).toMatchObject(invalid('$.note'))
  })
  it('never repeats what it refuses', () => {
    const secret = `${'s3cret'.repeat(1000)}`
    expect(JSON.stringify(parse.text(limits, '$.key', secret))).not.toContain('s3cret')
    expect(JSON.stringify(parse.text(limits, '$.key', `${secret}\ud800`))).not.toContain('s3cret')
  })
})

describe('trimmed fields', () => {
  const order = ['key', 'operation', 'owner', 'fingerprint'] as const
  const fields = { key: ' k\u0085', operation: '\u3000o', owner: 'w ', fingerprint: '\tf' }

  it('are trimmed', () => {
    expect(parse.trimmedFields(limits, fields, order)).toEqual(
      E.right({ key: 'k', operation: 'o', owner: 'w', fingerprint: 'f' })
    )
  })
  it.each([...order])('must not be empty: %s', (field) => {
    for (const empty of ['', ' \u0085 ']) {
      const path = field === 'fingerprint' ? '$.requestFingerprint' : `$.${field}`
      const result = parse.trimmedFields(limits, { ...fields, [field]: empty }, order)
      expect(result).toMatchObject(invalid(path))
      expect(result).toMatchObject({ left: { message: `idempotency ${field} cannot be empty` } })
    }
  })
  it.each([...order])('must be strings: %s', (field) => {
    expect(parse.trimmedFields(limits, { ...fields, [field]: 7 }, order)).toMatchObject({
      left: { _tag: 'InvalidInput', message: `idempotency ${field} must be a string that is not empty, got 7` }
    })
  })
  it('are judged in their order, and for emptiness before size', () => {
    const none = { key: '', operation: '', owner: '', fingerprint: '' }
    expect(parse.trimmedFields(limits, none, order)).toMatchObject(invalid('$.key'))
    expect(parse.trimmedFields(limits, { ...none, key: 'k' }, order)).toMatchObject(invalid('$.operation'))
    const long = 'x'.repeat(4097)
    expect(parse.trimmedFields(limits, { ...fields, key: long, fingerprint: ' ' }, order)).toMatchObject(
      invalid('$.requestFingerprint')
    )
    expect(parse.trimmedFields(limits, { ...fields, key: long, owner: long }, order)).toMatchObject(
      over('$.key', 4096, 4097)
    )
  })
  it('are measured as they are trimmed', () => {
    const padded = ` ${'x'.repeat(4096)} `
    expect(E.isRight(parse.trimmedFields(limits, { ...fields, key: padded }, order))).toBe(true)
  })
  it('keep a byte order mark, which is no white space', () => {
    expect(parse.trimmed('key', '\ufeff')).toEqual(E.right('\ufeff'))
  })
})

describe('a tenant', () => {
  const full = { orgId: 'o', workspaceId: 'w', deploymentId: 'd', actorId: 'a', source: 'explicit' } as const

  it('is kept whole, nothing trimmed', () => {
    expect(parse.tenant(limits, full)).toEqual(E.right(full))
    expect(parse.tenant(limits, { ...full, orgId: ' ', deploymentId: ' ' })).toEqual(
      E.right({ ...full, orgId: ' ', deploymentId: ' ' })
    )
  })
  it('is local_implicit where it does not say', () => {
    expect(parse.tenant(limits, { orgId: 'o', workspaceId: 'w' })).toEqual(
      E.right({ orgId: 'o', workspaceId: 'w', source: 'local_implicit' })
    )
  })
  it('has no deployment where that is empty', () => {
    expect(parse.tenant(limits, { ...full, deploymentId: '' })).toStrictEqual(
      E.right({ ...full, deploymentId: undefined })
    )
  })
  it.each([
    ['an empty org', { orgId: '' }, '$.tenant.orgId'],
    ['an empty workspace', { workspaceId: '' }, '$.tenant.workspaceId'],
    ['no org', { orgId: undefined }, '$.tenant.orgId'],
    ['another source', { source: 'guessed' }, '$.tenant.source'],
    ['a null deployment', { deploymentId: null }, '$.tenant.deploymentId'],
    ['a lone surrogate', { actorId: '\ud800' }, '$.tenant.actorId']
  ])('is refused with %s', (_, wrong, path) => {
    expect(parse.tenant(limits, { ...full, ...wrong } as TenantInput)).toMatchObject(invalid(path))
  })
  it.each([undefined, null, 'o/w'])('is refused where it is none: %j', (value) => {
    expect(parse.tenant(limits, value as never)).toMatchObject(invalid('$.tenant'))
  })
  it('may have 4 KiB a field', () => {
    expect(parse.tenant(limits, { ...full, orgId: 'x'.repeat(4097) })).toMatchObject(over('$.tenant.orgId', 4096, 4097))
  })
})

describe('times', () => {
  it.each([0, 1200, Number.MAX_SAFE_INTEGER])('are whole, safe and not negative: %d', (n) => {
    expect(parse.instant('$.nowMs', n)).toEqual(E.right(n))
    expect(parse.millis('$.retentionMs', n)).toEqual(E.right(n))
  })
  it.each([-1, 0.5, 2 ** 53, Number.NaN, Number.POSITIVE_INFINITY, '1200', null, 1n, new Date(0)])(
    'are refused: %s',
    (n) => {
      expect(parse.instant('$.nowMs', n)).toMatchObject(invalid('$.nowMs'))
      expect(parse.millis('$.retentionMs', n)).toMatchObject(invalid('$.retentionMs'))
      expect(parse.leaseLength('$.lease', n)).toMatchObject(invalid('$.lease'))
      expect(parse.optionalInstant('$.expiresAtMs', n)).toMatchObject(invalid('$.expiresAtMs'))
    }
  )
  it('may be left out where they may', () => {
    expect(parse.optionalInstant('$.expiresAtMs', undefined)).toEqual(E.right(undefined))
    expect(parse.instant('$.nowMs', undefined)).toMatchObject(invalid('$.nowMs'))
  })
  it('leave a lease no length of 0', () => {
    expect(parse.leaseLength('$.lease', 0)).toMatchObject(invalid('$.lease'))
    expect(parse.leaseLength('$.lease', 1)).toEqual(E.right(1))
  })
})

describe('a claim', () => {
  it('is taken as it was handed out, and nothing more', () => {
    expect(parse.claim(limits, { ...ex.claim, more: 1 } as Claim)).toStrictEqual(E.right(ex.claim))
  })
  it.each([
    ['no epoch', { epoch: undefined }, '$.claim.epoch'],
    ['epoch 0', { epoch: 0 }, '$.claim.epoch'],
    ['a fractional epoch', { epoch: 1.5 }, '$.claim.epoch'],
    ['an unsafe epoch', { epoch: 2 ** 53 }, '$.claim.epoch'],
    ['a textual epoch', { epoch: '1' }, '$.claim.epoch'],
    ['a raw key for a record id', { recordId: 'key' }, '$.claim.recordId'],
    ['an empty claim id', { claimId: '' }, '$.claim.claimId'],
    ['no claim id', { claimId: undefined }, '$.claim.claimId'],
    ['a lone surrogate', { claimId: '\ud800' }, '$.claim.claimId']
  ])('is refused with %s', (_, wrong, path) => {
    expect(parse.claim(limits, { ...ex.claim, ...wrong } as Claim)).toMatchObject(invalid(path))
  })
  it.each([undefined, null, 'claim'])('is refused where it is none: %j', (value) => {
    expect(parse.claim(limits, value as never)).toMatchObject(invalid('$.claim'))
  })
})
