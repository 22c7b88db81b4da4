import type * as t from 'io-ts'
import { describe, expect, it } from 'vitest'
import { CompletedData } from '../../src/domain/events/completed.ts'
import { CompletionRejectedData } from '../../src/domain/events/completion-rejected.ts'
import { ConflictRecordedData } from '../../src/domain/events/conflict-recorded.ts'
import { DuplicateSeenData } from '../../src/domain/events/duplicate-seen.ts'
import { ExpiredData } from '../../src/domain/events/expired.ts'
import { ImportedData } from '../../src/domain/events/imported.ts'
import { LeaseRenewedData } from '../../src/domain/events/lease-renewed.ts'
import { MarkedInDoubtData } from '../../src/domain/events/marked-in-doubt.ts'
import { RecoveryPointReachedData } from '../../src/domain/events/recovery-point-reached.ts'
import { ReservedData } from '../../src/domain/events/reserved.ts'
import { read } from '../support/documents.ts'

type Codec =
  | { readonly _tag: 'InterfaceType' | 'PartialType'; readonly props: t.Props }
  | { readonly _tag: 'IntersectionType'; readonly types: ReadonlyArray<Codec> }

const codecs: { readonly [event: string]: Codec } = {
  Reserved: ReservedData,
  DuplicateSeen: DuplicateSeenData,
  ConflictRecorded: ConflictRecordedData,
  Completed: CompletedData,
  Expired: ExpiredData,
  LeaseRenewed: LeaseRenewedData,
  CompletionRejected: CompletionRejectedData,
  RecoveryPointReached: RecoveryPointReachedData,
  MarkedInDoubt: MarkedInDoubtData,
  Imported: ImportedData
}

/** The fields of a codec, each with a question mark where it may be absent. */
const fieldsOf = (codec: Codec): ReadonlyArray<string> => {
  if (codec._tag === 'IntersectionType') return codec.types.flatMap(fieldsOf)
  const mark = codec._tag === 'PartialType' ? '?' : ''
  return Object.keys(codec.props).map((name) => `${name}${mark}`)
}

/** The fields in the table under a heading of the page. */
const documented = (page: string, heading: string): ReadonlyArray<string> => {
  const section = page.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return [...section.matchAll(/^\| (`.*?) \| (optional)? ?\|/gm)].flatMap(([, names = '', optional]) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => `${name}${optional === undefined ? '' : '?'}`)
  )
}

describe('the reference of events', () => {
  const page = read('docs/reference/events.md')
  it.each(Object.entries(codecs))('lists the fields of %s, and no others', (event, codec) => {
    expect(documented(page, event).toSorted()).toEqual(fieldsOf(codec).toSorted())
  })
})
