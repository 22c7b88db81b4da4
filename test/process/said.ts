/** What the rivals of one file say, once they were answered. */
export type LedgerSaid =
  | { readonly _tag: 'Ready' }
  | { readonly _tag: 'Reserved'; readonly key: string; readonly epoch: number; readonly claimId: string }
  | { readonly _tag: 'Completed'; readonly key: string; readonly claimId: string; readonly ref: string }
  | { readonly _tag: 'Released'; readonly key: string; readonly claimId: string }
  | { readonly _tag: 'Duplicate'; readonly key: string }
  | { readonly _tag: 'Failed'; readonly key: string; readonly error: string }

export type AppendSaid =
  | { readonly _tag: 'Ready' }
  | {
      readonly _tag: 'Written'
      readonly stream: string
      readonly revision: number
      readonly ids: ReadonlyArray<string>
    }
  | { readonly _tag: 'Lost'; readonly stream: string; readonly wanted: number; readonly actual: number }
  | { readonly _tag: 'Failed'; readonly error: string }
