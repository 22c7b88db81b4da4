/** The last number that fits into the signed 64 bits in which a server keeps revisions and positions. */
const last = 2n ** 63n - 1n

/** Whether an event can have this revision. */
export const isRevision = (revision: bigint): boolean => revision >= 0n && revision <= last

/** A number of a message's, as the generated code gives it: decimal text of up to 64 bits without a sign. */
export const numberOf = (text: string): bigint | undefined => {
  if (!/^\d{1,20}$/.test(text)) return undefined
  const number = BigInt(text)
  return number <= last ? number : undefined
}
