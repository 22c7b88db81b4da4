import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Answer } from '../../src/domain/answers.ts'
import { decide } from '../../src/domain/decide/decide.ts'
import { afterEvents, type Settled } from '../../src/domain/decide/decision.ts'
import { isRetentionOver } from '../../src/domain/due.ts'
import { recordOf, type State } from '../../src/domain/state.ts'
import { arbitraryPlayed, type Step, step } from '../arbitraries/history.ts'
import { illegalities } from '../arbitraries/legal.ts'

const eachStep = (check: (step: Step) => void, numRuns = 80): void =>
  fc.assert(
    fc.property(arbitraryPlayed, ({ steps }) => {
      for (const made of steps) check(made)
    }),
    { numRuns }
  )

const endedOf = (state: State) => (state._tag === 'Vacant' ? state.ended?.record : undefined)

/** The record that an answer must carry: the fold at the command's own point. */
const recordDue = (answer: Answer, { before, after, written }: Step) => {
  switch (answer._tag) {
    case 'Released':
      return written.length > 0 ? recordOf(before.state) : 'as it was at the first time'
    case 'Expired':
      return recordOf(before.state)
    case 'Gone':
      return endedOf(after.state)
    case 'Skipped':
      return recordOf(after.state) ?? 'as it was imported'
    default:
      return recordOf(after.state)
  }
}

const carried = (answer: Answer) => {
  if (answer._tag === 'Gone') return answer.previous
  return 'record' in answer ? answer.record : undefined
}

/** Whether a command that was just answered is to be answered without events when it comes again. */
const isQuiet = ({ command, decision, after }: Step): boolean => {
  if (decision._tag === 'Refused') return true
  switch (command._tag) {
    case 'CompleteByKey':
      return decision.events.every(({ type }) => type === 'CompletionRejected')
    case 'Reserve': {
      if (decision.answer._tag === 'Gone') return true
      const record = recordOf(after.state)
      // what is born expired is due at once, and a reserve that comes again takes it anew
      return (
        decision.answer._tag === 'Reserved' &&
        record !== undefined &&
        !isRetentionOver(record, command.atMs, command.policy)
      )
    }
    default:
      return true
  }
}

/** What comes of a command the second time, by the answer of the first. */
const again = (answer: Answer): unknown => {
  switch (answer._tag) {
    case 'Expired':
      return { _tag: expect.stringMatching(/^(NotDue|NotHeld)$/) }
    case 'Imported':
      return { ...answer, _tag: 'Skipped' }
    default:
      return answer
  }
}

/** What a decision says: whoever knows less of the claims before makes it on another state. */
const said = <A>(decision: Settled<A>) => {
  if (decision._tag === 'Refused') return decision
  const { state: _, ...rest } = decision
  return rest
}

describe('decide', () => {
  it('writes nothing but legal events', () => {
    eachStep(({ before, written }) => expect(illegalities(before.state, written)).toEqual([]))
  })
  it('answers with the record as the events leave it', () => {
    eachStep((made) => {
      if (made.decision._tag === 'Refused') return
      const { answer } = made.decision
      const due = recordDue(answer, made)
      if (typeof due !== 'string') expect(carried(answer)).toEqual(due)
    })
  })
  it('tells the state that its events leave, which nobody need evolve again', () => {
    eachStep(({ before, decision }) => {
      if (decision._tag === 'Decided') expect(decision.state).toEqual(afterEvents(before.state, decision.events))
    })
  })
  it('is quiet after the fold: what was just written is not written again, and answered the same', () => {
    eachStep((made) => {
      if (!isQuiet(made)) return
      const second = step(made.after, made.command, 1_000_000)
      expect(second.written).toEqual([])
      const { decision } = made
      expect(said(second.decision)).toEqual(
        decision._tag === 'Refused' ? decision : { ...said(decision), answer: again(decision.answer), events: [] }
      )
    })
  })
  it('decides the same without the past, or asks for it', () => {
    eachStep(({ command, before, decision }) => {
      const blind = decide(command, before.state)
      if (blind._tag !== 'NeedsPast') expect(blind).toEqual(decision)
    })
  })
  it('decides the same where it does not know the claims before its own, or asks for them', () => {
    let asked = 0
    eachStep(({ command, before, decision }) => {
      const amid = decide(command, { ...before.state, earlier: undefined })
      if (amid._tag !== 'NeedsPast') return expect(said(amid)).toEqual(said(decision))
      if (amid.reach === 'snapshot') asked++
      expect(said(amid.given(before))).toEqual(said(decision))
    })
    expect(asked).toBeGreaterThan(0)
  })
  it('refuses only what was never issued, what cannot be imported, and times beyond the safe integers', () => {
    eachStep(({ decision }) => {
      if (decision._tag === 'Refused') expect(['UnknownClaim', 'ImportRefused']).toContain(decision.failure._tag)
    })
  })
  it('gives an outcome away to no stranger, and loses none while the key is held', () => {
    eachStep(({ before, after, command }) => {
      const was = recordOf(before.state)
      const is = recordOf(after.state)
      if (was?.outcome === undefined || is === undefined || is.epoch !== was.epoch) return
      expect(is.outcome).toBeDefined()
      if (command._tag !== 'CompleteByKey') expect(is.outcome).toEqual(was.outcome)
    })
  })
})

describe('the arbitrary histories', () => {
  it('reach every answer, every event and every end', () => {
    const steps = fc.sample(arbitraryPlayed, { numRuns: 300, seed: 7 }).flatMap((played) => played.steps)
    const seen = new Set<string>()
    for (const { command, decision, written, before } of steps) {
      seen.add(decision._tag === 'Refused' ? decision.failure._tag : `${command._tag} → ${decision.answer._tag}`)
      if (decision._tag === 'Decided' && decision.answer._tag === 'Reserved')
        seen.add(`takeover ${decision.answer.takeover}`)
      if (decide(command, before.state)._tag === 'NeedsPast') seen.add(`${command._tag} needs the past`)
      for (const { type, data } of written) seen.add(type === 'Expired' ? `Expired(${data.reason})` : type)
    }
    expect([...seen].sort()).toEqual(
      [
        'Complete needs the past',
        'Complete → AlreadyCompleted',
        'Complete → ClaimLost',
        'Complete → Completed',
        'CompleteByKey needs the past',
        'CompleteByKey → CompletedByKey',
        'CompleteByOperator needs the past',
        'CompleteByOperator → AlreadyCompleted',
        'CompleteByOperator → Completed',
        'CompleteByOperator → NotHeld',
        'Completed',
        'CompletionRejected',
        'ConflictRecorded',
        'DuplicateSeen',
        'Expire → Expired',
        'Expire → NotDue',
        'ExpireByOperator → Expired',
        'ExpireByOperator → NotHeld',
        'Expired(lease)',
        'Expired(operator)',
        'Expired(released)',
        'Expired(retention)',
        'Import needs the past',
        'Import → Imported',
        'Import → Skipped',
        'ImportRefused',
        'Imported',
        'LeaseRenewed',
        'MarkInDoubt needs the past',
        'MarkInDoubt → AlreadyCompleted',
        'MarkInDoubt → ClaimLost',
        'MarkInDoubt → Marked',
        'MarkedInDoubt',
        'ReachRecoveryPoint needs the past',
        'ReachRecoveryPoint → AlreadyCompleted',
        'ReachRecoveryPoint → ClaimLost',
        'ReachRecoveryPoint → Reached',
        'RecoveryPointReached',
        'Release needs the past',
        'Release → AlreadyCompleted',
        'Release → ClaimLost',
        'Release → Released',
        'Renew needs the past',
        'Renew → AlreadyCompleted',
        'Renew → ClaimLost',
        'Renew → Renewed',
        'Reserve needs the past',
        'Reserve → Conflict',
        'Reserve → Duplicate',
        'Reserve → InDoubt',
        'Reserve → Gone',
        'Reserve → Reserved',
        'Reserved',
        'UnknownClaim',
        'takeover false',
        'takeover true'
      ].sort()
    )
  })
})
