import type * as t from 'io-ts'
import type { ClaimHash } from './claim.ts'
import { codecOf } from './codec-of.ts'
import { essence, type Outcome } from './outcome.ts'
import { sha256OfText } from './sha256-of-text.ts'

// What a state keeps of what is over, so that a claim can be judged without reading its whole stream (SPEC section 7).
// All of it is bounded.

/** How many epochs before the current one are remembered. */
const maxEarlier = 128

/** How much of each claim's hash. Nobody finds another claim id that begins the same. */
const prefixChars = 16

/** Stands for an epoch on which no claim was issued; no hash begins like it. */
const noClaim = '-'.repeat(prefixChars)

/** The beginnings of the claim hashes of the epochs before the current one, without a gap; that of the last stands last. */
export const EarlierClaims = codecOf(
  'EarlierClaims',
  (value): value is string =>
    typeof value === 'string' && value.length <= maxEarlier * prefixChars && /^([0-9a-f]{16}|-{16})*$/.test(value)
)

/** The earlier claims, once the epoch that had this claim is one of them. */
export const withEarlier = (earlier: string, claim: ClaimHash | undefined): string =>
  (earlier + (claim?.slice(0, prefixChars) ?? noClaim)).slice(-maxEarlier * prefixChars)

/** Whether a claim can be the one that was issued on an earlier epoch. Those before the last 128 are not remembered. */
export const mayBeEarlier = (earlier: string, back: number, claim: ClaimHash): boolean => {
  const at = earlier.length - back * prefixChars
  return at < 0 || earlier.startsWith(claim.slice(0, prefixChars), at)
}

/** How many completions are rejected in writing in one epoch. What comes after them is answered all the same. */
export const maxRejections = 64

const digestChars = 32

/** A claim as a rejected completion names it; neither field where it came under none. */
type Under = { readonly epoch?: number; readonly claimHash?: string }

/** What a rejected completion is known by: its claim and its outcome, the outcome's time apart. */
export const rejectionDigest = ({ epoch, claimHash }: Under, outcome: Outcome): string =>
  sha256OfText(JSON.stringify([epoch ?? null, claimHash ?? null, essence(outcome)])).slice(0, digestChars)

const isDigest = (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{32}$/.test(value)

/** The digests of the completions that were rejected in the current epoch, the first 64. */
export const Rejections = codecOf(
  'Rejections',
  (value): value is ReadonlyArray<string> =>
    Array.isArray(value) && value.length <= maxRejections && value.every(isDigest)
)
export type Rejections = t.TypeOf<typeof Rejections>

export const noRejections: Rejections = []

/** The rejections, and one more where there is room and it is not among them. */
export const withRejection = (rejections: Rejections, under: Under, outcome: Outcome): Rejections => {
  if (rejections.length >= maxRejections) return rejections
  const digest = rejectionDigest(under, outcome)
  return rejections.includes(digest) ? rejections : [...rejections, digest]
}
