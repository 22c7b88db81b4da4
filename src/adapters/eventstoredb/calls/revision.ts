import { lastRevision } from '../../common/port-fault.ts'

/** Whether an event can have this revision. */
export const isRevision = (revision: bigint): boolean => revision >= 0n && revision <= lastRevision

/** A number of a message's, as the generated code gives it: decimal text of up to 64 bits without a sign. */
export const numberOf = (text: string): bigint | undefined => {
  if (!/^\d{1,20}$/.test(text)) return undefined
  const number = BigInt(text)
  // positions are kept in as many bits
  return number <= lastRevision ? number : undefined
}
