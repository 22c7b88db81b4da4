/** The right to complete one reservation. The claim id is the holder's secret; it is never part of a record. */
export type Claim = {
  readonly recordId: string
  readonly epoch: number
  readonly claimId: string
}
