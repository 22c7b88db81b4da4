export class CardDeclined extends Error {}

/** A payment provider. It charges once for each idempotency key, as real ones do. */
export const paymentProvider = () => {
  const charges = new Map<string, string>()
  const receipts: Array<string> = []
  return {
    charges,
    receipts,
    charge: async (idempotencyKey: string, amount: number): Promise<string> => {
      if (amount > 1000) throw new CardDeclined('over the limit of the card')
      const chargeId = charges.get(idempotencyKey) ?? `ch_${charges.size + 1}`
      charges.set(idempotencyKey, chargeId)
      return chargeId
    },
    sendReceipt: async (chargeId: string): Promise<void> => {
      receipts.push(chargeId)
    }
  }
}

export type PaymentProvider = ReturnType<typeof paymentProvider>
