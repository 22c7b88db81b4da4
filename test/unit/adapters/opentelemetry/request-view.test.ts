import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { viewOf } from '../../../../src/adapters/opentelemetry/request-view.ts'

const filling = { correlationId: 'trace', causationId: 'span' }
const ignored = (): void => {}

/** What a command reads in a request, in the order in which it reads it. */
const provenance = (view: object) => [Reflect.get(view, 'correlationId'), Reflect.get(view, 'causationId')]

describe('where a request came from', () => {
  it.each([
    ['nothing is said', {}, ['trace', 'span']],
    ['both are undefined', { correlationId: undefined, causationId: undefined }, ['trace', 'span']],
    ['the caller says both', { correlationId: 'mine', causationId: 'why' }, ['mine', 'why']],
    ['the caller says one: the other is left out', { correlationId: 'mine' }, ['mine', undefined]],
    ['the caller says the other', { causationId: 'why' }, [undefined, 'why']],
    ['what is refused stays refused', { correlationId: null }, [null, undefined]]
  ])('%s', (_, request, expected) => {
    expect(provenance(viewOf(request, filling, ignored))).toEqual(expected)
    // in a copy too
    expect(provenance({ ...viewOf(Object.freeze(request), filling, ignored) })).toEqual(expected)
  })

  it('is what the caller says where there is no trace', () => {
    expect(provenance(viewOf({ causationId: 'why' }, undefined, ignored))).toEqual([undefined, 'why'])
    expect(Reflect.ownKeys(viewOf({ a: 1 }, undefined, ignored))).toEqual(['a'])
  })
})

describe('a view of a request', () => {
  it('reads a getter as often as it is read, and never more', () => {
    let reads = 0
    const noted: Array<unknown> = []
    const request = {
      get operation() {
        return `op ${++reads}`
      },
      get key() {
        return expect.unreachable('nobody asked for the key')
      }
    }
    const view = viewOf(request, filling, (operation) => noted.push(operation))
    expect(reads).toBe(0)
    expect(Reflect.get(view, 'operation')).toBe('op 1')
    expect(Reflect.get(view, 'operation')).toBe('op 2')
    expect(noted).toEqual(['op 1', 'op 2'])
  })

  it('asks the caller once where a request came from', () => {
    const reads: Array<string> = []
    const request = {
      get correlationId() {
        reads.push('correlation')
        return undefined
      },
      get causationId() {
        reads.push('causation')
        return undefined
      }
    }
    provenance(viewOf(request, filling, ignored))
    expect(reads).toEqual(['correlation', 'causation'])
  })

  it('has what a prototype has, private members and all', () => {
    class Request {
      readonly #key = 'hidden'
      get key() {
        return this.#key
      }
    }
    const view = viewOf(new Request(), filling, ignored)
    expect(Reflect.get(view, 'key')).toBe('hidden')
    expect(view).toBeInstanceOf(Request)
    expect('key' in view).toBe(true)
    expect('correlationId' in view).toBe(true)
    expect('other' in view).toBe(false)
  })

  it('throws what the request throws, to whoever reads it', () => {
    const request = {
      get key() {
        throw new Error('no key for you')
      }
    }
    expect(() => Reflect.get(viewOf(request, filling, ignored), 'key')).toThrow('no key for you')
  })

  it('is the request, for every plain object and however frozen', () => {
    const member = fc.oneof(
      fc.constant('operation'),
      fc.constant('correlationId'),
      fc.constant('causationId'),
      fc.string()
    )
    fc.assert(
      fc.property(fc.dictionary(member, fc.jsonValue()), fc.boolean(), (request, isFrozen) => {
        const given = isFrozen ? Object.freeze(request) : request
        expect({ ...viewOf(given, undefined, ignored) }).toEqual({ ...given })
        const said = request['correlationId'] !== undefined || request['causationId'] !== undefined
        expect({ ...viewOf(given, filling, ignored) }).toEqual(
          said ? { correlationId: undefined, causationId: undefined, ...given } : { ...filling, ...given }
        )
      })
    )
  })
})
