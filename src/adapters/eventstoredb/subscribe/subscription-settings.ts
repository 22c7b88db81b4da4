/** How subscriptions are kept up, all in ms. */
export type SubscriptionSettings = {
  /** How long a subscription that was up may be down before it ends with the error: 60,000 where left out. */
  readonly outageMs: number
  /** The ceiling of the wait before the first new try: 50. It doubles with every try up to `maxMs`. */
  readonly firstMs: number
  /** The ceiling of the wait before any new try: 5,000. */
  readonly maxMs: number
  /** Silence after which a subscription that has not caught up looks where the log ends: 500. */
  readonly quietMs: number
  /** Silence after which a live subscription looks whether the server still answers and nothing was missed: 15,000. */
  readonly livenessMs: number
}

export const defaultSubscriptionSettings: SubscriptionSettings = {
  outageMs: 60_000,
  firstMs: 50,
  maxMs: 5000,
  quietMs: 500,
  livenessMs: 15_000
}
