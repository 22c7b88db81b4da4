import { describe, expect, it } from 'vitest'
import { memoryStore } from '../../src/adapters/memory/event-store.ts'
import { cliTools } from '../../src/composition/cli-tools.ts'
import { createLedger } from '../../src/composition/ledger.ts'
import type { ExplainRequest, Ledger } from '../../src/index.ts'
import { explainedJson } from '../../src/interfaces/cli/shape/audit.ts'
import { answerLine } from '../support/answer-line.ts'
import { type Line, traces } from '../support/conformance.ts'

/** What a line asks of reserve, as a caller of the library says it. */
const requestIn = (line: Line, timeMs: number): ExplainRequest => {
  const { org_id, workspace_id, deployment_id, actor_id, source } = Object(line['tenant'])
  const fields = Object(line)
  return {
    tenant: { orgId: org_id, workspaceId: workspace_id, deploymentId: deployment_id, actorId: actor_id, source },
    operation: fields.operation,
    key: fields.key,
    owner: fields.owner,
    requestFingerprint: fields.request_fingerprint,
    firstSeenEventId: fields.first_seen_event_id ?? undefined,
    expiresAtMs: fields.expires_at_ms ?? undefined,
    lease: fields.lease_ms ?? 'none',
    claimId: fields.claim_id ?? undefined,
    nowMs: fields.now_ms,
    at: { timeMs }
  }
}

type Asked = { readonly line: Line; readonly timeMs: number; readonly given: unknown }

/** Plays a trace on a store whose clock is the number of the step; gives the reserves that were answered. */
const played = async (commands: ReadonlyArray<Line>): Promise<{ ledger: Ledger; asked: ReadonlyArray<Asked> }> => {
  let now = 0
  const ledger = createLedger({ store: memoryStore({ now: () => now }) })
  const asked: Array<Asked> = []
  for (const [index, line] of commands.entries()) {
    now = 2 * (index + 1)
    const given = await answerLine(cliTools, ledger.taskEither)(Buffer.from(JSON.stringify(line)))
    if (line.op === 'reserve' && !Object.hasOwn(Object(given), 'error')) asked.push({ line, timeMs: now - 1, given })
  }
  return { ledger, asked }
}

/** An answer as batch gives it, but for the claim and how the key is held. */
const withoutClaim = (answer: unknown): unknown => {
  const { claim: _, epoch: __, lease_expires_at_ms: ___, ...rest } = JSON.parse(JSON.stringify(answer))
  return rest
}

describe('explain gives, at every step of a trace, the answer that was then given', () => {
  let steps = 0
  for (const { id, commands } of traces) {
    it(id, async () => {
      const { ledger, asked } = await played(commands)
      for (const { line, timeMs, given } of asked) {
        const { answer, why, row } = await ledger.explain(requestIn(line, timeMs))
        const explained = explainedJson({ toFileRecord: cliTools.toFileRecord } as never, answer)
        expect({ id, timeMs, explained }).toMatchObject({ id, timeMs, explained: withoutClaim(given) })
        expect(why).not.toBe('')
        expect(row).not.toBe('')
        steps++
      }
    })
  }
  it('of which there are many', () => {
    expect(steps).toBeGreaterThan(500)
  })
})
