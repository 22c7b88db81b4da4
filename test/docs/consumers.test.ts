import type { OnceAnswer } from 'keyfold'
import { describe, expect, it } from 'vitest'
import { read } from '../support/documents.ts'

const answers: { readonly [answer in OnceAnswer<void>['_tag']]: true } = {
  Ran: true,
  Replayed: true,
  Failed: true,
  ReplayedFailure: true,
  Released: true,
  LeftToLapse: true,
  InFlight: true,
  Conflict: true,
  InDoubt: true,
  Gone: true,
  ClaimLost: true,
  Unrecorded: true
}

describe.each(['receive-webhooks', 'make-an-emmett-command-idempotent', 'work-off-a-queue', 'consume-cloudevents'])(
  'docs/how-to/%s.md',
  (name) => {
    const page = read(`docs/how-to/${name}.md`)
    const rows = page.match(/^\| .*$/gm) ?? []
    const named = rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, tag]) => tag))

    it('says of every answer of once what to reply, once', () => {
      for (const answer of Object.keys(answers)) {
        expect(
          named.filter((tag) => tag === answer),
          answer
        ).toHaveLength(1)
      }
    })
    it('says that in flight is no acknowledgement', () => {
      expect(page).toMatch(/in flight is never an acknowledgement/i)
    })
  }
)
