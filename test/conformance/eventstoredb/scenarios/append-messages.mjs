// Appends whose messages are out of order, incomplete or odd.
const scenario = (name, about, play) => ({ name: `append/messages/${name}`, about, play })

const options = (stream, expected = 'any') => ({ options: { stream, expected } })

export const appendMessages = [
  scenario('order', 'options missing, late, twice, and messages that say nothing', async (s) => {
    const [a, b] = [s.stream('a'), s.stream('b')]
    const part = (alias) => ({ event: s.event(alias) })
    s.ownAlso.push('')
    await s.appendRaw('no message at all', [])
    await s.appendRaw('options only, no stream', [options(s.stream('only1'), 'noStream')])
    await s.appendRaw('options only, any', [options(s.stream('only2'), 'any')])
    await s.appendRaw('an event only', [part('alone')])
    await s.appendRaw('an event before the options', [part('early'), options(a, 'noStream')])
    await s.appendRaw('options between events', [part('e0'), options(a, 'any'), part('e1')])
    await s.readStream('read what came of it', a)
    await s.appendRaw('options twice, of two streams', [options(a), part('f0'), options(b), part('f1')])
    await s.appendRaw('options twice at first', [options(a), options(b, 'noStream'), part('g0')])
    await s.readStream('read the first', a)
    await s.readStream('read the second', b)
    await s.appendRaw('a message that says nothing', [options(a), {}, part('h0')])
    await s.appendRaw('a message that says nothing at first', [{}, options(a), part('h1')])
    await s.readStream('read the first again', a)
  }),
  scenario('options', 'options without a stream or an expectation, and revisions beyond all numbers', async (s) => {
    const event = (alias) => ({ event: s.event(alias) })
    const append = (label, given) => s.appendRaw(label, [{ options: given }, event(label)])
    s.ownAlso.push('')
    await append('without a stream', { expected: 'any' })
    await append('without an expectation', { stream: s.stream('b') })
    await append('without either', {})
    await append('revision 2^63 - 1', { stream: s.stream('c'), expected: 2n ** 63n - 1n })
    await append('revision 2^63', { stream: s.stream('c'), expected: 2n ** 63n })
    await append('revision 2^64 - 2', { stream: s.stream('c'), expected: 2n ** 64n - 2n })
    await append('revision 2^64 - 1', { stream: s.stream('c'), expected: 2n ** 64n - 1n })
    await s.readStream('read', s.stream('c'))
    await append('a name that is not UTF-8', { stream: Buffer.from([0xff, 0xfe, 0x41]), expected: 'any' })
  }),
  scenario('ids', 'ids in every form, missing, and none', async (s) => {
    const uuid = s.id('x')
    const forms = {
      'not a uuid': 'not-a-uuid',
      empty: '',
      'no id': undefined,
      nil: '00000000-0000-0000-0000-000000000000',
      'too long': `${uuid}0`,
      'too short': 'aaaaaaaa-aaaa-aaaa-aaaa-aaaaaaaaaaa',
      'with spaces around': ` ${uuid} `,
      capitals: s.id('b').toUpperCase(),
      'without hyphens': s.id('c').replaceAll('-', ''),
      braces: `{${s.id('d')}}`,
      parentheses: `(${s.id('e')})`,
      structured: { structured: s.id('f') },
      'structured with the high bits set': { structured: s.idLike('g', (id) => id.replace(/^.(.{18})./, 'f$1f')) },
      'structured nil': { structured: '00000000-0000-0000-0000-000000000000' }
    }
    for (const [index, [label, id]] of Object.entries(forms).entries()) {
      const stream = s.stream(String(index))
      await s.append(label, stream, 'noStream', [s.event(`of ${label}`, { id })])
      await s.readStream(`read ${label}`, stream)
    }
    const stream = s.stream('second')
    await s.append('only the second is bad', stream, 'noStream', [s.event('good'), s.event('', { id: 'bad' })])
    await s.readStream('read what came of it', stream)
    await s.append('a bad id at a wrong revision', stream, 5, [s.event('', { id: 'bad' })])
  }),
  scenario('headers', 'type and content type missing, empty and odd; other headers', async (s) => {
    const json = 'application/json'
    const sets = {
      'no headers': {},
      'no type': { 'content-type': json },
      'no content type': { type: 'happened' },
      'empty type': { type: '', 'content-type': json },
      'empty content type': { type: 'happened', 'content-type': '' },
      'octet-stream': { type: 'happened', 'content-type': 'application/octet-stream' },
      'plain text': { type: 'happened', 'content-type': 'text/plain' },
      'json in capitals': { type: 'happened', 'content-type': 'Application/JSON' },
      'json with a charset': { type: 'happened', 'content-type': 'application/json; charset=utf-8' },
      nonsense: { type: 'happened', 'content-type': 'nonsense' },
      'other headers': { type: 'happened', 'content-type': json, created: '5', foo: 'bar' },
      'type with a space and an emoji': { type: 'it happened 🎉', 'content-type': json },
      'system type': { type: '$happened', 'content-type': json },
      'long type': { type: 't'.repeat(1000), 'content-type': json }
    }
    for (const [index, [label, headers]] of Object.entries(sets).entries()) {
      const stream = s.stream(String(index))
      await s.append(label, stream, 'noStream', [s.event(label, { headers })])
      await s.readStream(`read ${label}`, stream)
    }
    const stream = s.stream('second')
    await s.append('only the second is bad', stream, 'noStream', [s.event('good'), s.event('bad', { headers: {} })])
    await s.append('headers missing at a wrong revision', stream, 5, [s.event('wrong', { headers: {} })])
    await s.append('headers missing and a bad id', stream, 'any', [s.event('', { id: 'bad', headers: {} })])
  }),
  scenario('data', 'data and metadata that are empty, binary, or not the JSON that they claim to be', async (s) => {
    const every = Buffer.from(Array.from({ length: 256 }, (_, index) => index))
    const sets = {
      'empty data, json': { data: '' },
      'empty data, octets': { data: '', contentType: 'application/octet-stream' },
      'not json, json': { data: '{"half":' },
      'not even text, json': { data: every },
      'every byte, octets': { data: every, contentType: 'application/octet-stream' },
      'json scalar': { data: '1' },
      'json null': { data: 'null' },
      'json with a byte order mark': { data: Buffer.from('\ufeff{"a":1}') },
      'json with spaces': { data: ' { "a" : 1.0 , "b":"\\u00e9" } ' },
      'binary metadata': { meta: every },
      'metadata that is json': { meta: '{"$correlationId":"c","a":[1]}' },
      'metadata that is not json': { meta: 'plain' },
      'empty metadata': { meta: '' }
    }
    for (const [index, [label, content]] of Object.entries(sets).entries()) {
      const stream = s.stream(String(index))
      await s.append(label, stream, 'noStream', [s.event(label, content)])
      await s.readStream(`read ${label}`, stream)
    }
  })
]
