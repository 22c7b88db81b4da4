import fc from 'fast-check'
import * as E from 'fp-ts/Either'
import { describe, expect, it } from 'vitest'
import { parseDuration } from '../../../../src/interfaces/cli/options/duration.ts'
import { type GivenTime, parseTime } from '../../../../src/interfaces/cli/options/time-text.ts'
import { begin, commandLine } from '../../../support/cli.ts'

const lengths: ReadonlyArray<readonly [text: string, ms: number]> = [
  ['0s', 0],
  ['500ms', 500],
  ['30s', 30_000],
  ['5m', 300_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  ['1h30m', 5_400_000],
  ['1d2h3m4s5ms', 93_784_005],
  ['90m', 5_400_000],
  ['1m5ms', 60_005],
  ['9007199254740991ms', Number.MAX_SAFE_INTEGER],
  ['PT1H30M', 5_400_000],
  ['PT30S', 30_000],
  ['PT0.5S', 500],
  ['PT1.005S', 1005],
  ['P1D', 86_400_000],
  ['P1DT12H', 129_600_000],
  ['P2W', 1_209_600_000],
  ['PT0S', 0]
]

/** What is no length, and what is said of it. */
const noLengths: ReadonlyArray<readonly [text: string, why: string]> = [
  ['30', 'A length has a unit: 30s, 30ms?'],
  ['0', 'A length has a unit: 0s, 0ms?'],
  ['P1Y', 'Years and months differ in length: give days.'],
  ['P1M', 'Years and months differ in length: give days.'],
  ['P1Y2M3DT4H', 'Years and months differ in length: give days.'],
  ['9007199254740992ms', 'Give a length of at most 9007199254740991ms.'],
  ['99999999999999d', 'Give a length of at most 9007199254740991ms.'],
  ['9007199254740991ms1', 'Give a length such as'],
  ['9007199254740s992ms', 'Give a length of at most 9007199254740991ms.'],
  ...[
    '',
    ' ',
    '1.5s',
    '-1s',
    '+1s',
    '1e3',
    '5 m',
    ' 5m',
    '5m ',
    '5m\n',
    '5M',
    '1w',
    '1y',
    's',
    '1m1h',
    '1h1h',
    '30m1',
    '99999999999999999s',
    '٣s',
    'P',
    'PT',
    'P1DT',
    'P1H',
    'PT1D',
    'P1W1D',
    'pt1h',
    'PT1H ',
    'PT1,5S',
    'PT1.5H',
    'PT.5S',
    'PT1.0005S',
    'PT-1S',
    '-PT1S',
    'PT1S1H'
  ].map((text) => [text, 'Give a length such as'] as const)
]

const moments: ReadonlyArray<readonly [text: string, ms: GivenTime]> = [
  ['1767225600000', 1_767_225_600_000],
  ['2026-01-01T00:00Z', 1_767_225_600_000],
  ['2026-01-01T00:00:00Z', 1_767_225_600_000],
  ['2026-01-01T00:00:00.5Z', 1_767_225_600_500],
  ['2026-01-01T02:00:00+02:00', 1_767_225_600_000],
  ['2025-12-31T19:00:00.250-05:00', 1_767_225_600_250],
  ['2024-02-29T00:00:00Z', 1_709_164_800_000],
  ['2000-02-29T00:00:00Z', 951_782_400_000],
  ['2026-12-31T23:59:59.999Z', 1_798_761_599_999],
  ['2026-01-01T23:59:00+23:59', 1_767_225_600_000],
  ['2026-01-01T00:00:00-00:00', 1_767_225_600_000],
  ['9999-12-31T23:59:59Z', 253_402_300_799_000],
  // the day is judged where it is written, not where it is in UTC
  ['2026-03-01T00:30:00+01:00', 1_772_321_400_000],
  // the least that is taken for milliseconds
  ['1000000000000', 1_000_000_000_000],
  ['253402300799999', 253_402_300_799_999],
  ['1970-01-01T00:00:00Z', 0],
  ['now', { fromNowMs: 0 }],
  ['+15m', { fromNowMs: 900_000 }],
  ['-2h', { fromNowMs: -7_200_000 }],
  ['+1h30m', { fromNowMs: 5_400_000 }],
  ['-PT1M', { fromNowMs: -60_000 }]
]
const noMoments = [
  '',
  '1.5',
  '0',
  'Now',
  'now ',
  '+',
  '-',
  '+1',
  '-1',
  '++1s',
  '+-1s',
  '+ 1s',
  '15m',
  '+1M',
  '999999999999',
  '253402300800000',
  '9007199254740992',
  '2026-01-01',
  '2026-01-01T00:00:00',
  '2026-13-01T00:00:00Z',
  '2026-00-01T00:00:00Z',
  '2026-01-00T00:00:00Z',
  '2026-01-32T00:00:00Z',
  '2026-02-29T00:00:00Z',
  '2026-02-30T00:00:00Z',
  '2024-02-30T00:00:00Z',
  '2100-02-29T00:00:00Z',
  '2026-04-31T12:00Z',
  '2026-06-31T00:00:00+02:00',
  '2026-11-31T00:00:00.000Z',
  '2026-01-31T24:00Z',
  '2026-01-31T24:00:00Z',
  '2026-01-31T24:00:00.000+01:00',
  '2026-01-31T25:00:00Z',
  '2026-01-31T12:60:00Z',
  '2026-01-31T12:00:60Z',
  '2026-01-31T12:00:00+24:00',
  '2026-01-31T12:00:00-99:00',
  '2026-01-31T12:00:00+01:60',
  '2026-01-31T12:00:00+0100',
  '2026-01-31 12:00:00Z',
  '2026-01-31T12:00:00.0000Z',
  '2026-01-31T12:00:00z',
  '02026-01-31T12:00:00Z',
  '+002026-01-31T12:00:00Z',
  '2026-01-31T12:00:00Z\n',
  '1969-12-31T23:59:59Z',
  '9999-12-31T23:59:59-23:59',
  '9999-12-31T23:59:59.999-00:01',
  'Thu, 01 Jan 2026 00:00:00 GMT'
]

const why = (parsed: E.Either<string, unknown>): string => (E.isLeft(parsed) ? parsed.left : 'it was taken')

describe('lengths of time', () => {
  for (const [text, ms] of lengths) it(`${text} is ${ms} ms`, () => expect(parseDuration(text)).toEqual(E.right(ms)))
  for (const [text, said] of noLengths) it(`'${text}' is none`, () => expect(why(parseDuration(text))).toContain(said))

  it('are the sum of their parts', () => {
    const part = fc.nat({ max: 9999 })
    fc.assert(
      fc.property(part, part, part, part, part, (d, h, m, s, ms) => {
        const expected = E.right((((d * 24 + h) * 60 + m) * 60 + s) * 1000 + ms)
        expect(parseDuration(`${d}d${h}h${m}m${s}s${ms}ms`)).toEqual(expected)
        expect(parseDuration(`P${d}DT${h}H${m}M${s}.${String(ms % 1000).padStart(3, '0')}S`)).toEqual(
          E.right((((d * 24 + h) * 60 + m) * 60 + s) * 1000 + (ms % 1000))
        )
      })
    )
  })
  it('are whole numbers that are exact, or none, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'0123456789dhmsPTHMSW.-+ ') }), (text) => {
        const parsed = parseDuration(text)
        if (E.isRight(parsed)) expect(Number.isSafeInteger(parsed.right) && parsed.right >= 0).toBe(true)
      })
    )
  })
})

describe('times', () => {
  for (const [text, ms] of moments)
    it(`${text} is ${JSON.stringify(ms)}`, () => expect(parseTime(text)).toEqual(E.right(ms)))
  for (const text of noMoments) it(`'${text}' is none`, () => expect(E.isLeft(parseTime(text))).toBe(true))

  it('in seconds, micro- or nanoseconds are refused, and the hint is taken', () => {
    expect(why(parseTime('1767225600'))).toBe(
      'In milliseconds that is 1970-01-21T10:53:45.600Z. If it is seconds, give 1767225600000; if it is meant, give 1970-01-21T10:53:45.600Z itself.'
    )
    expect(parseTime('1767225600000')).toEqual(E.right(begin))
    // of few digits, three more would be too few still
    for (const [seconds, date] of [
      ['86400', '1970-01-02T00:00:00.000Z'],
      ['0', '1970-01-01T00:00:00.000Z'],
      ['999999999', '2001-09-09T01:46:39.000Z'],
      ['0000000001', '1970-01-01T00:00:01.000Z']
    ] as const) {
      expect(why(parseTime(seconds))).toContain(`If it is seconds, give ${date}; if`)
      expect(parseTime(date)).toEqual(E.right(Number(seconds) * 1000))
    }
    expect(why(parseTime('1000000000'))).toContain('If it is seconds, give 1000000000000; if')
    expect(why(parseTime('999999999999'))).toBe(
      'In milliseconds that is 2001-09-09T01:46:39.999Z. If it is meant, give 2001-09-09T01:46:39.999Z itself.'
    )
    expect(parseTime('1970-01-21T10:53:45.600Z')).toEqual(E.right(1_767_225_600))
    expect(why(parseTime('1767225600000000'))).toContain('if it is micro- or nanoseconds, leave the last digits out')
    expect(why(parseTime('1767225600000000000'))).toContain('beyond the year 9999')
  })
})

describe('times from now on', () => {
  const reserve = ['reserve', '--operation=op', '--key=k', '--owner=me', '--fingerprint=f', '--lease=PT1M30S', '--json']
  const record = async (...args: ReadonlyArray<string>) => {
    const { code, stdout, stderr } = await commandLine().run([...reserve, ...args])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    return JSON.parse(stdout).record
  }
  it('are reckoned by the clock', async () => {
    expect(await record('--expires-at', '+15m')).toMatchObject({ expires_at_ms: begin + 900_000 })
    expect(await record('--now', '-2h')).toMatchObject({
      first_seen_at_ms: begin - 7_200_000,
      lease_expires_at_ms: begin - 7_110_000
    })
  })
  it('are reckoned by --now where that is given, wherever it stands', async () => {
    const expected = { first_seen_at_ms: begin + 3_600_000, expires_at_ms: begin + 4_500_000 }
    expect(await record('--expires-at=+15m', '--now=+1h')).toMatchObject(expected)
    expect(await record('--now=2026-01-01T01:00:00Z', '--expires-at', '+15m')).toMatchObject(expected)
  })
  it('may be over where that is said', async () => {
    expect(await record('--expires-at=-1h', '--past')).toMatchObject({ expires_at_ms: begin - 3_600_000 })
  })
})
