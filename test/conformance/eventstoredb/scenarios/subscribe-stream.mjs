// Subscriptions to one stream.
import { until } from '../lib/feeds.mjs'
import { largest, slug, states } from './states.mjs'

const scenario = (name, about, play) => ({ name: `subscribe/${name}`, about, play })

const filled = (s, stream, n) =>
  s.setup(() =>
    s.append(
      `${n} events`,
      stream,
      'noStream',
      Array.from({ length: n }, (_, i) => s.event(`old ${i}`))
    )
  )

const starts = { start: 'start', end: 'end', 0: 0, 1: 1, 2: 2, 3: 3, 100: 100, 'the largest': largest }

/** History and caught-up, or the error in their place. */
const history = { until: until.caughtUp, quietMs: 150, maxMs: 1500 }

const histories = async (feeds) => {
  await Promise.all(feeds.map((feed) => feed.step('history', history)))
  for (const feed of feeds) feed.cancel()
}

const onState = ([state, { make }]) =>
  scenario(`to/${state}`, `subscriptions, from every revision, to a stream in the state "${state}"`, async (s) => {
    const stream = s.stream(slug(state))
    await s.setup(() => make(s, stream))
    const feeds = Object.entries(starts).map(([name, from]) => s.subscribe(`from ${name}`, { stream, from }))
    await histories(feeds)
  })

export const subscribeStream = [
  ...[
    'no stream',
    'events',
    'soft-deleted',
    'recreated',
    'tombstoned',
    'truncated',
    'bounded by $maxCount',
    'metadata only'
  ].map((state) => onState([state, states[state]])),
  scenario('live', 'what a subscriber sees of appends, a soft delete, a new beginning and a tombstone', async (s) => {
    const stream = s.stream('a')
    await filled(s, stream, 2)
    const feed = s.subscribe('subscriber', { stream, from: 0 })
    await feed.step('history', history)
    await s.append('two more', stream, 1, s.events('c', 'd'))
    await feed.step('two more', { until: until.event(s.id('d')) })
    await s.append('the same again', stream, 1, s.events('c', 'd'))
    await feed.step('the same again')
    await s.metadata('truncate', stream, { $tb: 3 })
    await feed.step('truncated')
    await s.delete('soft delete', stream, 'any')
    await feed.step('soft-deleted', { quietMs: 400 })
    await s.append('a new beginning', stream, 'noStream', s.events('e'))
    await feed.step('a new beginning', { until: until.event(s.id('e')) })
    await s.tombstone('tombstone', stream, 'any')
    await feed.step('tombstoned', { until: until.ended, maxMs: 2500 })
    feed.cancel()
    await feed.step('cancel', { until: until.ended })
  }),
  scenario('not there yet', 'a subscriber to a stream that is not there, which then begins', async (s) => {
    const stream = s.stream('a')
    const fromStart = s.subscribe('from the start', { stream, from: 'start' })
    const fromEnd = s.subscribe('from the end', { stream, from: 'end' })
    const fromTwo = s.subscribe('from 2', { stream, from: 2 })
    const feeds = [fromStart, fromEnd, fromTwo]
    const all = (label, condition) =>
      Promise.all(feeds.map((feed) => feed.step(label, { until: condition, maxMs: 1500 })))
    await all('nothing yet', until.caughtUp)
    await s.append('the first', stream, 'noStream', s.events('a'))
    await all('the first', until.event(s.id('a')))
    await s.append('three more', stream, 0, s.events('b', 'c', 'd'))
    await all('three more', until.event(s.id('d')))
    for (const feed of feeds) feed.cancel()
  }),
  scenario(
    'tombstoned before it was',
    'a subscriber to a stream that is not there, which is then tombstoned',
    async (s) => {
      const stream = s.stream('a')
      const feed = s.subscribe('subscriber', { stream, from: 'start' })
      await feed.step('nothing yet', history)
      await s.tombstone('tombstone', stream, 'noStream')
      await feed.step('tombstoned', { until: until.ended, maxMs: 2500 })
      feed.cancel()
    }
  ),
  scenario('metadata', 'a subscriber to the metadata of a stream', async (s) => {
    const stream = s.stream('a')
    await s.setup(async () => {
      await s.append('events', stream, 'noStream', s.events('a', 'b'))
      await s.metadata('first', stream, { x: 1 })
      await s.metadata('second', stream, { x: 2 })
    })
    const feed = s.subscribe('subscriber', { stream: `$$${stream}`, from: 'start' })
    await feed.step('history', history)
    await s.metadata('third', stream, { x: 3 })
    await feed.step('third', { until: until.event(s.id('metadata third')) })
    await s.delete('soft delete', stream, 'any')
    await feed.step('soft-deleted', { until: until.events(1) })
    await s.append('a new beginning', stream, 'noStream', s.events('c'))
    await feed.step('a new beginning', { until: until.events(1) })
    feed.cancel()
  }),
  scenario('options', 'subscriptions with structured ids, backwards, with a filter and with a count', async (s) => {
    const stream = s.stream('a')
    await filled(s, stream, 3)
    const sets = {
      'structured ids': { uuids: 'structured' },
      backwards: { from: 'end', backwards: true },
      'a filter': { filter: { by: 'type', prefixes: ['nope'], max: 32 } },
      'neither a filter nor none': { filter: null },
      'control 1': { control: 1 },
      'no revision': { from: undefined },
      'no ids': { uuids: null }
    }
    await histories(Object.entries(sets).map(([label, spec]) => s.subscribe(label, { stream, from: 'start', ...spec })))
    const [links, target] = [s.stream('links'), s.stream('target')]
    await s.setup(async () => {
      await s.append('target', target, 'noStream', s.events('t'))
      await s.append('link', links, 'noStream', [s.event('l', { type: '$>', data: `0@${target}` })])
    })
    await histories([s.subscribe('links', { stream: links, from: 'start', resolveLinks: true })])
  }),
  scenario('expiring', 'a subscriber to a stream with $maxAge', async (s) => {
    const stream = s.stream('a')
    await filled(s, stream, 2)
    await s.setup(async () => {
      await s.metadata('expiry', stream, { $maxAge: 1 })
      await s.wait(2100)
    })
    const feed = s.subscribe('subscriber', { stream, from: 'start' })
    await feed.step('history', history)
    await s.append('one more', stream, 1, s.events('new'))
    await feed.step('one more', { until: until.event(s.id('new')) })
    feed.cancel()
  })
]
