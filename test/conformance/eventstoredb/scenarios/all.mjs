import { appendMessages } from './append-messages.mjs'
import { appendRetries } from './append-retries.mjs'
import { appendSizes } from './append-sizes.mjs'
import { appendStates } from './append-states.mjs'
import { removal } from './delete.mjs'
import { readStream } from './read-stream.mjs'
import { subscribeStream } from './subscribe-stream.mjs'

export const scenarios = [
  ...appendStates,
  ...appendRetries,
  ...appendMessages,
  ...appendSizes,
  ...removal,
  ...readStream,
  ...subscribeStream
]
