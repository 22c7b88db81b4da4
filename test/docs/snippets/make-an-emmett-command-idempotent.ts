import { CommandHandler, type Event, type EventStore, IllegalStateError } from '@event-driven-io/emmett'
import { jsonFingerprint, type OnceLedger, once } from 'keyfold'

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

/** Emmett's handler, which appends nothing where the stream holds an event of this command already. */
const handlerOf = (commandId: string) =>
  CommandHandler<Cart & { readonly isDone: boolean }, CartEvent>({
    evolve: (cart, event) => ({
      ...evolve(cart, event),
      isDone: cart.isDone || event.metadata.commandId === commandId
    }),
    initialState: () => ({ quantity: 0, isClosed: false, isDone: false })
  })

export const addProduct = (ledger: OnceLedger, store: EventStore, key: string, command: AddProduct) =>
  once(ledger, {
    tenant: { orgId: 'acme', workspaceId: 'shop' },
    operation: 'cart.add-product',
    key,
    requestFingerprint: jsonFingerprint(command),
    owner: `carts ${process.pid}`,
    lease: 30_000,
    // what else is thrown may be tried again, whether it appended or not: the stream tells
    onThrow: (error) => (error instanceof IllegalStateError ? { definitive: error.message } : 'transient')
  })(async ({ downstreamKey }) => {
    const commandId = downstreamKey('events')
    const { nextExpectedStreamVersion } = await handlerOf(commandId)(store, command.cartId, (cart) =>
      cart.isDone ? [] : decide(cart, command, commandId)
    )
    return { version: Number(nextExpectedStreamVersion) }
  })
