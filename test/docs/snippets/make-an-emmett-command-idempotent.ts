import {
  CommandHandler,
  type Event,
  type EventStore,
  IllegalStateError,
  isExpectedVersionConflictError
} from '@event-driven-io/emmett'
import { jsonFingerprint, type OnceLedger, once, TaskAborted } from 'keyfold'

type By = { readonly commandId: string }
export type CartEvent =
  | Event<'ProductAdded', { readonly product: string; readonly quantity: number }, By>
  | Event<'CartClosed', Record<string, never>, By>
type Cart = { readonly quantity: number; readonly isClosed: boolean }
type AddProduct = { readonly cartId: string; readonly product: string; readonly quantity: number }

const evolve = (cart: Cart, event: CartEvent): Cart =>
  event.type === 'CartClosed' ? { ...cart, isClosed: true } : { ...cart, quantity: cart.quantity + event.data.quantity }

const decide = (cart: Cart, { product, quantity }: AddProduct, commandId: string): CartEvent => {
  if (cart.isClosed) throw new IllegalStateError('the cart is closed')
  return { type: 'ProductAdded', data: { product, quantity }, metadata: { commandId } }
}

const handle = CommandHandler<Cart, CartEvent>({ evolve, initialState: () => ({ quantity: 0, isClosed: false }) })

export const addProduct = (ledger: OnceLedger, store: EventStore, key: string, command: AddProduct) =>
  once<{ readonly version: number }>(ledger, {
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'cart.add-product',
    key,
    requestFingerprint: jsonFingerprint(command),
    owner: `carts ${process.pid}`,
    lease: 30_000,
    onThrow: (error) => {
      if (error instanceof IllegalStateError) return { definitive: error.message }
      return isExpectedVersionConflictError(error) || error instanceof TaskAborted ? 'transient' : 'ambiguous'
    },
    recover: async (_, { downstreamKey }) => {
      const { events } = await store.readStream<CartEvent>(command.cartId)
      const found = events.find(({ metadata }) => metadata.commandId === downstreamKey('events'))
      return found ? { outcome: { version: Number(found.metadata.streamPosition) } } : 'notFound'
    }
  })(async ({ downstreamKey, signal }) => {
    const { nextExpectedStreamVersion } = await handle(store, command.cartId, (cart) => {
      // the cart was read under a version that the append will ask for: whoever is overtaken from here on appends nothing
      signal.throwIfAborted()
      return decide(cart, command, downstreamKey('events'))
    })
    return { version: Number(nextExpectedStreamVersion) }
  })
