/** What a request says of where it came from, where it says nothing itself. */
export type Filling = { readonly correlationId: string; readonly causationId: string }

const isFilled = (name: PropertyKey): name is keyof Filling => name === 'correlationId' || name === 'causationId'

/**
 * A view of a request that notes the operation which the ledger reads in it, and says where it came from if it does not say
 * so itself: both or none of the two, never over the caller's. What is read is read in the request, once for each time that
 * the ledger reads it: a getter may answer differently each time, and telemetry must not see other than the ledger does.
 * To spread the request instead would lose what its prototype has.
 */
export const viewOf = (request: object, filling: Filling | undefined, noted: (operation: unknown) => void): object => {
  let own: { readonly [name in keyof Filling]: unknown } | undefined
  const filled = (name: keyof Filling, filling: Filling): unknown => {
    own ??= {
      correlationId: Reflect.get(request, 'correlationId'),
      causationId: Reflect.get(request, 'causationId')
    }
    return own.correlationId === undefined && own.causationId === undefined ? filling[name] : own[name]
  }
  const read = (name: PropertyKey): unknown => {
    if (filling !== undefined && isFilled(name)) return filled(name, filling)
    const value: unknown = Reflect.get(request, name)
    if (name === 'operation') noted(value)
    return value
  }
  // before an object of its own: a frozen request could not be said to have more than it has
  return new Proxy(
    {},
    {
      get: (_, name) => read(name),
      has: (_, name) => (filling !== undefined && isFilled(name)) || Reflect.has(request, name),
      ownKeys: () => [...new Set([...Reflect.ownKeys(request), ...(filling ? Object.keys(filling) : [])])],
      getOwnPropertyDescriptor: (_, name) => {
        const there = Reflect.getOwnPropertyDescriptor(request, name)
        const isOwn = there !== undefined || (filling !== undefined && isFilled(name))
        return isOwn ? { configurable: true, enumerable: there?.enumerable ?? true, get: () => read(name) } : undefined
      },
      getPrototypeOf: () => Reflect.getPrototypeOf(request)
    }
  )
}
