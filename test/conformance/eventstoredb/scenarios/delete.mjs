// Soft deletes and tombstones, with every expectation, of streams in every state; and what comes after them.
import { expectations, slug, states } from './states.mjs'

const of = ['no stream', 'events', 'soft-deleted', 'recreated', 'tombstoned', 'truncated', 'metadata only']

const onState =
  (kindOfDelete) =>
  ([state, { last, make }]) => ({
    name: `${kindOfDelete}/${state}`,
    about: `${kindOfDelete} of a stream in the state "${state}", with every expected revision`,
    play: async (s) => {
      for (const [kind, expected] of Object.entries(expectations(last))) {
        const stream = s.stream(slug(kind))
        await s.setup(() => make(s, stream))
        await s[kindOfDelete](`expecting ${kind}`, stream, expected)
        await s.readStream(`read after ${kind}`, stream)
        await s.append(`append after ${kind}`, stream, 'any', [s.event(`after ${kind}`)])
      }
    }
  })

const matrix = (kindOfDelete) =>
  Object.entries(states)
    .filter(([state]) => of.includes(state))
    .map(onState(kindOfDelete))

export const removal = [
  ...matrix('delete'),
  ...matrix('tombstone'),
  {
    name: 'delete/again',
    about: 'deletes that are repeated, and streams that are written to between them',
    play: async (s) => {
      const stream = s.stream('a')
      await s.setup(() => s.append('events', stream, 'noStream', s.events('a', 'b')))
      await s.delete('exact', stream, 1)
      await s.delete('the same again', stream, 1)
      await s.delete('any, again', stream, 'any')
      await s.append('recreate at the last revision', stream, 1, s.events('c'))
      await s.readStream('read the recreated', stream)
      await s.readStream('read its metadata', `$$${stream}`)
      await s.delete('at the old revision', stream, 1)
      await s.delete('at the new one', stream, 2)
      await s.append('recreate as no stream', stream, 'noStream', s.events('d', 'e'))
      await s.readStream('read the recreated again', stream)
      await s.readStream('backwards from the end', stream, { from: 'end', backwards: true })
      await s.readStream('backwards from before the delete', stream, { from: 2, backwards: true })
      await s.append('in one more', stream, 'any', s.events('f'))
      await s.tombstone('tombstone, at a wrong revision', stream, 1)
      await s.tombstone('tombstone', stream, 5)
      await s.tombstone('tombstone again', stream, 5)
      await s.delete('delete what is tombstoned', stream, 'any')
    }
  },
  {
    name: 'delete/metadata',
    about: 'what a delete makes of metadata, and metadata that are written after it',
    play: async (s) => {
      const [a, b, c] = [s.stream('a'), s.stream('b'), s.stream('c')]
      await s.setup(async () => {
        for (const [name, stream] of Object.entries({ a, b, c })) {
          await s.append(`events ${name}`, stream, 'noStream', [s.event(`${name}0`), s.event(`${name}1`)])
          await s.metadata(`metadata ${name}`, stream, {
            $maxCount: 10,
            $acl: { $r: '$all' },
            custom: { x: [1, null] }
          })
        }
      })
      await s.delete('delete', a, 'any')
      await s.readStream('metadata after the delete', `$$${a}`)
      await s.append('recreate', a, 'any', s.events('a2'))
      await s.readStream('metadata after the recreation', `$$${a}`)
      await s.readStream('read the recreated', a)
      await s.delete('delete with metadata to come', b, 'any')
      await s.metadata('metadata after a delete', b, { custom: 1 })
      await s.readStream('read with new metadata', b)
      await s.append('append with new metadata', b, 'noStream', s.events('b2'))
      await s.metadata('a soft delete by hand', c, '{"$tb":9223372036854775807,"custom":2.50}')
      await s.readStream('read what was deleted by hand', c)
      await s.append('recreate that', c, 'noStream', s.events('c2'))
      await s.readStream('its metadata', `$$${c}`)
      await s.readStream('read it', c)
    }
  },
  {
    name: 'delete/messages',
    about: 'deletes and tombstones whose options are incomplete',
    play: async (s) => {
      const stream = s.stream('a')
      await s.setup(() => s.append('events', stream, 'noStream', s.events('a')))
      for (const kind of ['delete', 'tombstone']) {
        await s[kind](`${kind} without options`, undefined, undefined, { bare: true })
        await s[kind](`${kind} without a stream`, undefined, 2n ** 62n)
        await s[kind](`${kind} without an expectation`, s.stream('none'), undefined)
        await s[kind](`${kind} at revision 2^63`, stream, 2n ** 63n)
        await s[kind](`${kind} at revision 2^64 - 1`, stream, 2n ** 64n - 1n)
        await s[kind](`${kind} at revision 2^64 - 2`, stream, 2n ** 64n - 2n)
      }
      await s.readStream('read what is left', stream)
    }
  }
]
