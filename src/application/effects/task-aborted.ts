/**
 * Why a task is to stop: somebody else has its claim; nobody can know any more whether it has it (no renewal got through by
 * the lease's end less the skew); it took longer than `maxDurationMs`; whoever called `once` gave up; or it has ended, and
 * something that it began goes on.
 */
export type AbortCause = 'ClaimLost' | 'LeaseUnknown' | 'MaxDuration' | 'CallerAborted' | 'TaskEnded'

const messages: { readonly [cause in AbortCause]: string } = {
  ClaimLost: 'the claim is lost: another may be at work on the key',
  LeaseUnknown: 'no renewal got through in time: another may be at work on the key',
  MaxDuration: 'the task took longer than it may',
  CallerAborted: 'the caller gave up',
  TaskEnded: 'the task has ended: nothing of it may begin or go on'
}

/** The reason of a task's `AbortSignal`. */
export class TaskAborted extends Error {
  override readonly name = 'TaskAborted'
  /** Why the task is to stop. */
  readonly why: AbortCause
  constructor(why: AbortCause, cause?: unknown) {
    super(messages[why], cause === undefined ? {} : { cause })
    this.why = why
  }
}
