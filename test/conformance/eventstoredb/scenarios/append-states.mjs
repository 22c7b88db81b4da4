// Appends of a new event, with every expectation, to streams in every state.
import { expectations, slug, states } from './states.mjs'

const onState = ([state, { last, make }]) => ({
  name: `append/onto/${state}`,
  about: `append of a new event to a stream in the state "${state}", with every expected revision`,
  play: async (s) => {
    for (const [kind, expected] of Object.entries(expectations(last))) {
      const stream = s.stream(slug(kind))
      await s.setup(() => make(s, stream))
      await s.append(`expecting ${kind}`, stream, expected, [s.event(`new, ${kind}`)])
      await s.readStream(`read after ${kind}`, stream)
    }
  }
})

const emptyOnState = ([state, { last, make }]) => ({
  name: `append/nothing onto/${state}`,
  about: `append without any event to a stream in the state "${state}"`,
  play: async (s) => {
    for (const [kind, expected] of Object.entries(expectations(last))) {
      const stream = s.stream(slug(kind))
      await s.setup(() => make(s, stream))
      await s.append(`expecting ${kind}`, stream, expected, [])
    }
    const stream = s.stream('read')
    await s.setup(() => make(s, stream))
    await s.append('any, then read', stream, 'any', [])
    await s.readStream('read', stream)
    await s.append('the first event', stream, 'noStream', s.events('first'))
  }
})

/** All of it in one scenario, which sleeps once. */
const onExpired = {
  name: 'append/onto/expired by $maxAge',
  about: 'appends, repeated appends and reads of streams whose events have all expired',
  play: async (s) => {
    const kinds = Object.entries(expectations(2))
    const streams = Object.fromEntries(kinds.map(([kind]) => [kind, s.stream(slug(kind))]))
    await s.setup(async () => {
      for (const [kind, stream] of Object.entries(streams)) {
        const old = [0, 1, 2].map((index) => s.event(`old ${kind} ${index}`))
        await s.append(`events, ${kind}`, stream, 'noStream', old)
        await s.metadata(`expiry, ${kind}`, stream, { $maxAge: 1 })
      }
      await s.wait(2300)
    })
    const [first] = Object.values(streams)
    await s.readStream('read all, expired', first)
    await s.readStream('read backwards, expired', first, { from: 'end', backwards: true })
    await s.readStream('read from the last, expired', first, { from: 2 })
    await s.append('repeat the first, no stream', first, 'noStream', s.events('old no stream 0'))
    await s.append(
      'repeat all, no stream',
      first,
      'noStream',
      ['0', '1', '2'].map((n) => s.event(`old no stream ${n}`))
    )
    await s.append('repeat the last, exact', first, 1, s.events('old no stream 2'))
    await s.append('repeat the last, any', first, 'any', s.events('old no stream 2'))
    for (const [kind, expected] of kinds) {
      await s.append(`expecting ${kind}`, streams[kind], expected, [s.event(`new ${kind}`)])
      await s.readStream(`read after ${kind}`, streams[kind])
    }
    await s.delete('delete, the last', s.stream('the_largest'), 2)
    await s.readStream('read what was deleted', s.stream('the_largest'))
  }
}

const emptyOn = ['no stream', 'events', 'soft-deleted', 'tombstoned', 'truncated', 'metadata only']

export const appendStates = [
  ...Object.entries(states).map(onState),
  onExpired,
  ...Object.entries(states)
    .filter(([state]) => emptyOn.includes(state))
    .map(emptyOnState)
]
