import picocolors from 'picocolors'
import { type Failure, standingClaim } from '../../../domain/failure.ts'
import type { Outside } from '../deps.ts'
import { inSnakeCase } from '../shape/snake-case.ts'
import { modeFor } from '../terminal/mode.ts'
import { printableMessage } from '../terminal/printable.ts'
import { write } from '../terminal/write.ts'
import { exit, exitCodeOf } from './exit-codes.ts'
import { remedyFor } from './remedies.ts'

/** How to complain: the cause, of which no password is shown, and what to do about it, a line each. */
export const complaint =
  ({ stderr, env }: Pick<Outside, 'stderr' | 'env'>, redact: (text: string) => string) =>
  (cause: string, remedy: string): Promise<boolean> => {
    const { red } = picocolors.createColors(modeFor(stderr, env, false).colour)
    return write(stderr, `${red('error:')} ${printableMessage(redact(cause))}\nwhat to do: ${remedy}\n`)
  }

/** How a failure is told: on stderr, and by the exit code that belongs to its tag, unless another one is to be. */
export const failing =
  (
    outside: Pick<Outside, 'stderr' | 'env'>,
    signal: AbortSignal,
    redact: (text: string) => string,
    setExitCode: (code: number) => void
  ) =>
  async (failed: Failure, code = exitCodeOf(failed._tag)): Promise<void> => {
    setExitCode(code)
    // whoever closed the pipe has seen enough
    if (signal.reason === exit.readerGone) return
    const { _tag, message } = inSnakeCase(failed)
    const claim = standingClaim(failed)
    const retry = claim === undefined ? '' : `, claim id ${claim.claimId}`
    await complaint(outside, redact)(`${_tag}: ${message}${retry}`, remedyFor(failed))
  }
