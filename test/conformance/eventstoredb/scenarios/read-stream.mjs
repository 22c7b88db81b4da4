// Reads of one stream.
import { largest, slug, states } from './states.mjs'

const scenario = (name, about, play) => ({ name: `read/${name}`, about, play })

const filled = (s, stream, n, prefix = '') =>
  s.setup(() =>
    s.append(
      `${n} events into ${stream}`,
      stream,
      'noStream',
      Array.from({ length: n }, (_, i) => s.event(`${prefix}${i}`))
    )
  )

const starts = { start: 'start', end: 'end', 0: 0, 1: 1, 2: 2, 4: 4, 5: 5, 100: 100, 'the largest': largest }

/** From everywhere, in both directions. */
const fromEverywhere = async (s, label, stream) => {
  for (const [name, from] of Object.entries(starts)) {
    await s.readStream(`${label}, forwards from ${name}`, stream, { from })
    await s.readStream(`${label}, backwards from ${name}`, stream, { from, backwards: true })
  }
}

const onState = ([state, { make }]) =>
  scenario(`from everywhere/${state}`, `reads, from every revision, of a stream in the state "${state}"`, async (s) => {
    const stream = s.stream(slug(state))
    await s.setup(() => make(s, stream))
    await fromEverywhere(s, 'read', stream)
  })

export const readStream = [
  ...Object.entries(states).map(onState),
  scenario('counts', 'counts of none, some, all and very many', async (s) => {
    const stream = s.stream('a')
    await filled(s, stream, 5)
    for (const count of [0, 1, 2, 5, 6, 2 ** 31, Number.MAX_SAFE_INTEGER, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n]) {
      await s.readStream(`forwards, ${count}`, stream, { count })
      await s.readStream(`backwards, ${count}`, stream, { from: 'end', backwards: true, count })
    }
    await s.readStream('two from 3', stream, { from: 3, count: 2 })
    await s.readStream('two backwards from 1', stream, { from: 1, backwards: true, count: 2 })
    await s.readStream('none of what is not', s.stream('none'), { count: 0 })
    const cut = s.stream('b')
    await filled(s, cut, 6, 'cut ')
    await s.setup(() => s.metadata('truncate', cut, { $tb: 3 }))
    await s.readStream('two from before the cut', cut, { from: 0, count: 2 })
    await s.readStream('two from the middle of what is cut off', cut, { from: 2, count: 2 })
    await s.readStream('two backwards across the cut', cut, { from: 3, backwards: true, count: 2 })
    await s.readStream('two backwards from the middle of what is cut off', cut, { from: 1, backwards: true, count: 2 })
    const long = s.stream('long')
    await filled(s, long, 70, 'long ')
    await s.readStream('more than two pages', long, { from: 3, count: 40 })
    await s.setup(() => s.metadata('truncate the long one', long, { $tb: 50 }))
    await s.readStream('over pages that are cut off', long, { count: 3 })
    await s.readStream('backwards over what is cut off', long, { from: 51, count: 5, backwards: true })
  }),
  scenario('options', 'how ids are written, control options, filters, and what is left out', async (s) => {
    const [stream, none] = [s.stream('a'), s.stream('none')]
    await filled(s, stream, 2)
    for (const uuids of ['string', 'structured', 'unset', null]) {
      await s.readStream(`ids ${uuids}`, stream, { uuids, count: 1 })
    }
    for (const control of [0, 1, 2, 7]) {
      await s.readStream(`control ${control}, forwards`, stream, { control })
      await s.readStream(`control ${control}, one`, stream, { control, count: 1 })
      await s.readStream(`control ${control}, backwards`, stream, { control, from: 'end', backwards: true })
      await s.readStream(`control ${control}, beyond the end`, stream, { control, from: 9 })
      await s.readStream(`control ${control}, of what is not`, none, { control })
    }
    await s.readStream('neither a filter nor none', stream, { filter: null })
    await s.readStream('a filter that fits', stream, { filter: { by: 'type', prefixes: ['happened'], max: 32 } })
    await s.readStream('a filter that does not fit', stream, { filter: { by: 'type', prefixes: ['nope'], max: 32 } })
    await s.readStream('no count', stream, { count: null })
    await s.readStream('no revision', stream, { from: undefined })
    await s.read('no stream', { count: 10, from: 'start' })
    await s.read('no options', undefined, { bare: true })
    await s.readStream('revision 2^63', stream, { from: 2n ** 63n })
    await s.readStream('revision 2^64 - 1', stream, { from: 2n ** 64n - 1n })
    await s.readStream('revision 2^64 - 1, backwards', stream, { from: 2n ** 64n - 1n, backwards: true })
    await s.readStream('a stream that is named $all', '$all', { count: 1, from: 2n ** 40n })
  }),
  scenario('links', 'events that point at others, with and without following them', async (s) => {
    const [target, links] = [s.stream('target'), s.stream('links')]
    await filled(s, target, 3)
    const link = (alias, data) => s.event(alias, { type: '$>', data, contentType: 'application/octet-stream' })
    await s.setup(() =>
      s.append('links', links, 'noStream', [
        link('to 1', `1@${target}`),
        link('to 0', `0@${target}`),
        link('beyond', `9@${target}`),
        link('to nothing', `0@${s.stream('none')}`),
        link('nonsense', 'nonsense'),
        s.event('no link')
      ])
    )
    await s.readStream('not followed', links)
    await s.readStream('followed', links, { resolveLinks: true })
    await s.readStream('followed backwards', links, { resolveLinks: true, from: 'end', backwards: true })
    await s.setup(() => s.metadata('truncate', target, { $tb: 1 }))
    await s.readStream('followed to what is cut off', links, { resolveLinks: true })
    await s.setup(() => s.delete('delete', target, 'any'))
    await s.readStream('followed to what is soft-deleted', links, { resolveLinks: true })
    await s.setup(() => s.tombstone('tombstone', target, 'any'))
    await s.readStream('followed to what is tombstoned', links, { resolveLinks: true })
  })
]
