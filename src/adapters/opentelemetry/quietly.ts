import { diag } from '@opentelemetry/api'

/**
 * Telemetry must never cost anybody an answer. What it throws is told to OpenTelemetry's own log (`diag`), and goes no
 * further.
 */
export const quietly = <A>(work: () => A): A | undefined => {
  try {
    return work()
  } catch (cause) {
    try {
      diag.error('keyfold: telemetry failed', cause)
    } catch {
      // nobody is left to tell
    }
    return undefined
  }
}
