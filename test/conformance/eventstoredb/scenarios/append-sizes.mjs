// How much one append may hold, and what counts towards that.
const scenario = (name, about, play) => ({ name: `append/sizes/${name}`, about, play })

const limit = 1024 * 1024
const bytes = (n) => Buffer.alloc(n, 0x20)
const octets = 'application/octet-stream'

export const appendSizes = [
  scenario('one event', 'events about the limit of 1 MiB: of data, and of what else there is', async (s) => {
    const type = 'happened'
    const sets = {
      'data of the limit less twice the type less 1': { data: bytes(limit - 2 * type.length - 1) },
      'data of the limit less twice the type': { data: bytes(limit - 2 * type.length) },
      'data of the limit less twice the type and 1 more': { data: bytes(limit - 2 * type.length + 1) },
      'data of the limit less 1': { data: bytes(limit - 1) },
      'data of the limit': { data: bytes(limit) },
      'data of the limit and 1 more': { data: bytes(limit + 1) },
      'metadata of the limit': { data: bytes(10), meta: bytes(limit) },
      'metadata of half, data of half and 1 more': { data: bytes(limit / 2 + 1), meta: bytes(limit / 2) },
      'a type of the limit': { data: bytes(1), type: 't'.repeat(limit) }
    }
    for (const [index, [label, content]] of Object.entries(sets).entries()) {
      const stream = s.stream(String(index))
      await s.append(label, stream, 'noStream', [s.event(label, { contentType: octets, ...content })])
    }
    await s.readStream('read the one of the limit', s.stream('4'))
    await s.readStream('read the one beyond the limit', s.stream('5'))
    await s.append('too big at a wrong revision', s.stream('wrong'), 5, [s.event('wrong', { data: bytes(limit + 1) })])
    await s.append('too big and no headers', s.stream('bare'), 'any', [
      s.event('bare', { data: bytes(limit + 1), headers: {} })
    ])
  }),
  scenario('sum', 'several events that are too much together', async (s) => {
    const half = (alias, more = 0) => s.event(alias, { contentType: octets, data: bytes(limit / 2 + more) })
    await s.append('two halves', s.stream('a'), 'noStream', [half('a0'), half('a1')])
    await s.append('two halves and 1 more', s.stream('b'), 'noStream', [half('b0'), half('b1', 1)])
    await s.append('two halves less 17', s.stream('c'), 'noStream', [half('c0', -17), half('c1', -16)])
    await s.append('three times two thirds', s.stream('d'), 'noStream', [
      half('d0', 1e5),
      half('d1', 1e5),
      half('d2', 1e5)
    ])
    await s.readStream('read what came of too much', s.stream('d'))
  }),
  scenario('many', 'a thousand events in one append', async (s) => {
    const stream = s.stream('a')
    const aliases = Array.from({ length: 1000 }, (_, index) => `e${index}`)
    await s.append('a thousand', stream, 'noStream', s.events(...aliases))
    await s.readStream('read the last of them', stream, { from: 'end', backwards: true, count: 3 })
    await s.append('again', stream, 'noStream', s.events(...aliases))
    await s.append('again, any', stream, 'any', s.events(...aliases))
    await s.append('again, the first half', stream, 'noStream', s.events(...aliases.slice(0, 500)))
    await s.append('again, the last new', stream, 'noStream', s.events(...aliases.slice(0, -1), 'new'))
    await s.readStream('read the middle', stream, { from: 499, count: 2 })
  })
]
