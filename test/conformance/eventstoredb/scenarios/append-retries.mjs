// Ids that were written before: what the server takes for a repetition, and what it says of it.

const scenario = (name, about, play) => ({ name: `append/again/${name}`, about, play })

export const appendRetries = [
  scenario(
    'one id',
    'the same single event at the same revision, at once and after the stream has gone on',
    async (s) => {
      const stream = s.stream('a')
      await s.append('first', stream, 'noStream', s.events('a'))
      await s.append('again, no stream', stream, 'noStream', s.events('a'))
      await s.append('second', stream, 0, s.events('b'))
      await s.append('second again, exact', stream, 0, s.events('b'))
      await s.append('third', stream, 1, s.events('c'))
      await s.append('first again, no stream, below the tail', stream, 'noStream', s.events('a'))
      await s.append('second again, exact, below the tail', stream, 0, s.events('b'))
      await s.append('third again, exact', stream, 1, s.events('c'))
      await s.append('second again at a wrong revision', stream, 1, s.events('b'))
      await s.append('second again as no stream', stream, 'noStream', s.events('b'))
      await s.append('third again far above', stream, 7, s.events('c'))
      await s.readStream('read', stream)
    }
  ),
  scenario('at the tail', 'an id that lies in the stream, written at its tail', async (s) => {
    const stream = s.stream('a')
    await s.append('first', stream, 'noStream', s.events('a'))
    await s.append('the same id at the tail', stream, 0, s.events('a'))
    await s.append('the same id at the tail once more', stream, 1, s.events('a'))
    await s.append('any', stream, 'any', s.events('a'))
    await s.append('stream exists', stream, 'streamExists', s.events('a'))
    await s.append('no stream', stream, 'noStream', s.events('a'))
    await s.append('no stream, twice in one', stream, 'noStream', s.events('a', 'a'))
    await s.readStream('read', stream)
  }),
  scenario('several below the tail', 'the same events as a whole, behind which the stream has gone on', async (s) => {
    const stream = s.stream('a')
    await s.append('first', stream, 'noStream', s.events('a', 'b'))
    await s.append('again', stream, 'noStream', s.events('a', 'b'))
    await s.append('further', stream, 1, s.events('c', 'd'))
    await s.append('again, below the tail', stream, 'noStream', s.events('a', 'b'))
    await s.append('further again', stream, 1, s.events('c', 'd'))
    await s.append('across both appends', stream, 'noStream', s.events('a', 'b', 'c'))
    await s.append('across both appends, from the middle', stream, 0, s.events('b', 'c'))
    await s.append('all of both', stream, 'noStream', s.events('a', 'b', 'c', 'd'))
    await s.readStream('read', stream)
  }),
  scenario('prefix', 'the first of the events that were written together', async (s) => {
    const stream = s.stream('a')
    await s.append('first', stream, 'noStream', s.events('a', 'b', 'c'))
    await s.append('two of three', stream, 'noStream', s.events('a', 'b'))
    await s.append('one of three', stream, 'noStream', s.events('a'))
    await s.append('the middle', stream, 0, s.events('b'))
    await s.append('the end', stream, 0, s.events('b', 'c'))
    await s.append('two of three, any', stream, 'any', s.events('a', 'b'))
    await s.append('the middle, any', stream, 'any', s.events('b'))
    await s.append('two of three, stream exists', stream, 'streamExists', s.events('a', 'b'))
  }),
  scenario('superset', 'the events that were written together, and more', async (s) => {
    const [a, b] = [s.stream('a'), s.stream('b')]
    await s.append('first', a, 'noStream', s.events('a', 'b'))
    await s.append('three for two, no stream', a, 'noStream', s.events('a', 'b', 'c'))
    await s.append('three for two, any', a, 'any', s.events('a', 'b', 'd'))
    await s.append('three for two, stream exists', a, 'streamExists', s.events('a', 'b', 'e'))
    await s.append('new ones first, any', a, 'any', s.events('f', 'a', 'b'))
    await s.append('first of another', b, 'noStream', s.events('g'))
    await s.append('second of another', b, 0, s.events('h'))
    await s.append('three for one, exact', b, 0, s.events('h', 'i', 'j'))
    await s.readStream('read', a)
  }),
  scenario('mixture', 'known and unknown ids in one append, and known ones in another order', async (s) => {
    const stream = s.stream('a')
    await s.append('first', stream, 'noStream', s.events('a', 'b', 'c'))
    await s.append('the second is new', stream, 'noStream', s.events('a', 'x'))
    await s.append('the first is new', stream, 'noStream', s.events('x', 'b'))
    await s.append('the middle one is new', stream, 'noStream', s.events('a', 'x', 'c'))
    await s.append('the second is new, any', stream, 'any', s.events('a', 'y'))
    await s.append('reordered, no stream', stream, 'noStream', s.events('b', 'a'))
    await s.append('reordered, exact', stream, 0, s.events('c', 'b'))
    await s.append('reordered, any', stream, 'any', s.events('c', 'a', 'b'))
    await s.append('with a gap, no stream', stream, 'noStream', s.events('a', 'c'))
    await s.append('with a gap, any', stream, 'any', s.events('a', 'c'))
    await s.append('the first is new, any', stream, 'any', s.events('z', 'a'))
    await s.readStream('read', stream)
  }),
  scenario('twice in one', 'the same id twice within one append', async (s) => {
    const [a, b, c] = [s.stream('a'), s.stream('b'), s.stream('c')]
    await s.append('no stream', a, 'noStream', s.events('a', 'a'))
    await s.append('no stream, again', a, 'noStream', s.events('a', 'a'))
    await s.append('no stream, once', a, 'noStream', s.events('a'))
    await s.append('no stream, three times', a, 'noStream', s.events('a', 'a', 'a'))
    await s.append('exact, once', a, 0, s.events('a'))
    await s.readStream('read', a)
    await s.append('any', b, 'any', s.events('b', 'b'))
    await s.append('any, again', b, 'any', s.events('b', 'b'))
    await s.append('any, once', b, 'any', s.events('b'))
    await s.append('any, three times', b, 'any', s.events('b', 'b', 'b'))
    await s.append('single, any', c, 'any', s.events('c'))
    await s.append('single twice in one, any', c, 'any', s.events('c', 'c'))
    await s.append('single twice in one, no stream', c, 'noStream', s.events('c', 'c'))
    await s.readStream('read the second', b)
  }),
  scenario('any', 'repetitions that expect nothing in particular', async (s) => {
    const [a, b] = [s.stream('a'), s.stream('b')]
    await s.append('first', a, 'any', s.events('a', 'b'))
    await s.append('again', a, 'any', s.events('a', 'b'))
    await s.append('the second alone', a, 'any', s.events('b'))
    await s.append('the first alone', a, 'any', s.events('a'))
    await s.append('more', a, 'any', s.events('c'))
    await s.append('again, below the tail', a, 'any', s.events('a', 'b'))
    await s.append('again, as stream exists', a, 'streamExists', s.events('a', 'b'))
    await s.append('again, as no stream', a, 'noStream', s.events('a', 'b'))
    await s.append('further, stream exists', a, 'streamExists', s.events('d'))
    await s.append('further again, stream exists', a, 'streamExists', s.events('d'))
    await s.append('further again, any', a, 'any', s.events('d'))
    await s.append('written as no stream', b, 'noStream', s.events('e'))
    await s.append('repeated as any', b, 'any', s.events('e'))
    await s.readStream('read', a)
  }),
  scenario('another stream', 'the same id in two streams', async (s) => {
    const [a, b, c, d] = [s.stream('a'), s.stream('b'), s.stream('c'), s.stream('d')]
    await s.append('first', a, 'any', s.events('a'))
    await s.append('in another, any', b, 'any', s.events('a'))
    await s.append('in the first, any', a, 'any', s.events('a'))
    await s.append('in another again, any', b, 'any', s.events('a'))
    await s.append('in a third, no stream', c, 'noStream', s.events('a'))
    await s.append('in the third again, no stream', c, 'noStream', s.events('a'))
    await s.append('in the first, no stream', a, 'noStream', s.events('a'))
    await s.append('in a fourth, stream exists', d, 'streamExists', s.events('a'))
    await s.append('in another, stream exists', b, 'streamExists', s.events('a'))
    await s.append('known elsewhere and new, any', c, 'any', s.events('a', 'b'))
    await s.readStream('read the first', a)
    await s.readStream('read another', b)
  }),
  scenario('soft-deleted', 'repetitions after a soft delete, and after the stream was written to again', async (s) => {
    const [a, b, c, d] = [s.stream('a'), s.stream('b'), s.stream('c'), s.stream('d')]
    await s.setup(async () => {
      for (const [index, stream] of [a, b, c, d].entries()) {
        await s.append(`events ${index}`, stream, 'noStream', [s.event(`${index}/0`), s.event(`${index}/1`)])
        await s.delete(`delete ${index}`, stream, 'any')
      }
    })
    await s.append('the first, no stream', a, 'noStream', s.events('0/0'))
    await s.append('both, no stream', a, 'noStream', s.events('0/0', '0/1'))
    await s.append('the second, exact', a, 0, s.events('0/1'))
    await s.append('the first and a new one, no stream', a, 'noStream', s.events('0/0', 'x'))
    await s.readStream('read after repetitions', a)
    await s.append('both, any', b, 'any', s.events('1/0', '1/1'))
    await s.readStream('read after any', b)
    await s.append('both, stream exists', b, 'streamExists', s.events('1/0', '1/1'))
    await s.append('the last again at the tail', c, 1, s.events('2/1'))
    await s.readStream('read after the tail', c)
    await s.append('a new one, no stream', d, 'noStream', s.events('new'))
    await s.append('the new one again, no stream', d, 'noStream', s.events('new'))
    await s.append('the new one again, exact', d, 1, s.events('new'))
    await s.append('the new one again, any', d, 'any', s.events('new'))
    await s.append('the old first, no stream', d, 'noStream', s.events('3/0'))
    await s.append('the old second, exact', d, 0, s.events('3/1'))
    await s.readStream('read after the new one', d)
    await s.readStream('its metadata', `$$${d}`)
  }),
  scenario('truncated', 'repetitions of events that $tb has cut off', async (s) => {
    const stream = s.stream('a')
    await s.setup(async () => {
      await s.append('events', stream, 'noStream', s.events('a', 'b', 'c', 'd'))
      await s.metadata('truncate', stream, { $tb: 2 })
    })
    await s.append('one that is cut off, no stream', stream, 'noStream', s.events('a'))
    await s.append('two that are cut off, no stream', stream, 'noStream', s.events('a', 'b'))
    await s.append('across the cut, no stream', stream, 'noStream', s.events('a', 'b', 'c'))
    await s.append('all, no stream', stream, 'noStream', s.events('a', 'b', 'c', 'd'))
    await s.append('one that is cut off, exact', stream, 0, s.events('b'))
    await s.append('one that is not cut off, exact', stream, 1, s.events('c'))
    await s.append('one that is cut off, any', stream, 'any', s.events('a'))
    await s.append('one that is cut off and a new one, no stream', stream, 'noStream', s.events('a', 'x'))
  }),
  scenario('bounded', 'repetitions of events that $maxCount hides', async (s) => {
    const stream = s.stream('a')
    await s.setup(async () => {
      await s.append('events', stream, 'noStream', s.events('a', 'b', 'c'))
      await s.metadata('bound', stream, { $maxCount: 1 })
    })
    await s.append('a hidden one, no stream', stream, 'noStream', s.events('a'))
    await s.append('all, no stream', stream, 'noStream', s.events('a', 'b', 'c'))
    await s.append('a hidden one, any', stream, 'any', s.events('b'))
    await s.append('the visible one, exact', stream, 1, s.events('c'))
  }),
  scenario('tombstoned', 'repetitions after a tombstone', async (s) => {
    const stream = s.stream('a')
    await s.setup(async () => {
      await s.append('events', stream, 'noStream', s.events('a', 'b'))
      await s.tombstone('tombstone', stream, 'any')
    })
    await s.append('no stream', stream, 'noStream', s.events('a', 'b'))
    await s.append('exact', stream, 0, s.events('b'))
    await s.append('any', stream, 'any', s.events('a'))
  }),
  scenario('other content', 'the same id with another type, data and metadata', async (s) => {
    const stream = s.stream('a')
    const changed = { type: 'changed', data: '{"other":1}', meta: 'm', contentType: 'application/octet-stream' }
    await s.append('first', stream, 'noStream', s.events('a'))
    await s.append('again, changed', stream, 'noStream', [s.event('a', changed)])
    await s.append('again, changed, any', stream, 'any', [s.event('a', changed)])
    await s.readStream('read', stream)
  }),
  scenario('written otherwise', 'the same id in another form', async (s) => {
    const stream = s.stream('a')
    const uuid = s.id('a')
    await s.append('first', stream, 'noStream', s.events('a'))
    await s.append('in capitals', stream, 'noStream', [s.event('a', { id: uuid.toUpperCase() })])
    await s.append('without hyphens', stream, 'noStream', [s.event('a', { id: uuid.replaceAll('-', '') })])
    await s.append('in braces', stream, 'noStream', [s.event('a', { id: `{${uuid}}` })])
    await s.append('structured', stream, 'noStream', [s.event('a', { id: { structured: uuid } })])
    await s.readStream('read', stream)
  }),
  scenario('metadata', 'repetitions in the metadata stream', async (s) => {
    const stream = s.stream('a')
    await s.setup(() => s.append('events', stream, 'noStream', s.events('a', 'b')))
    const write = (label, expected, alias, json) => s.metadata(label, stream, json, { expected, alias })
    await write('first', 'noStream', 'm0', { $maxCount: 5 })
    await write('first again', 'noStream', 'm0', { $maxCount: 5 })
    await write('second', 0, 'm1', { $maxCount: 6 })
    await write('first again, below the tail', 'noStream', 'm0', { $maxCount: 5 })
    await write('second again', 0, 'm1', { $maxCount: 6 })
    await write('second again, any', 'any', 'm1', { $maxCount: 6 })
    await s.readStream('read it', `$$${stream}`)
  }),
  scenario('at once', 'two appends at the same time, with two ids and with one', async (s) => {
    const race = async (label, stream, left, right) => {
      const both = await s.setup(() =>
        Promise.all(
          [left, right].map((one, index) => s.append(`${label}, ${index}`, stream, 'noStream', [one], { racy }))
        )
      )
      const received = both
        .map(({ ok, error }) => ({ ok, error }))
        .sort((a, b) => (a.ok?.success ? -1 : b.ok?.success ? 1 : 0))
      s.push({ name: label, rpc: 'append', request: {}, answer: { received } })
    }
    const racy = ['ok']
    const [x, y] = [s.anotherId('either'), s.anotherId('either')]
    const other = s.event('either', { id: x })
    await race('two ids', s.stream('two'), other, { ...other, id: y })
    await race('one id', s.stream('one'), s.event('a'), s.event('a'))
    await s.readStream('read the first', s.stream('two'))
    await s.readStream('read the second', s.stream('one'))
  })
]
