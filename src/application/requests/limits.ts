/** What a command may carry. Exceeding one is `LimitExceeded`, before anything is written. Import is exempt. */
export type Limits = {
  /** Key, operation, owner, fingerprint, and every other text field, each: UTF-8 bytes. */
  readonly fieldBytes: number
  /** The outcome as JSON: UTF-8 bytes. */
  readonly outcomeBytes: number
  /** How deeply `details` may nest; the default is what the predecessor can load. */
  readonly detailsDepth: number
}

export const defaultLimits: Limits = { fieldBytes: 4 * 1024, outcomeBytes: 512 * 1024, detailsDepth: 123 }
