/** How many digits of a record id tell its partition: more than any count of partitions needs. */
const digits = 8

/**
 * The partition that a key belongs to, by its record id, which is a hash: so all events of a key are in one, in order.
 * What only begins like a record id is in the first.
 */
export const partitionOf = (recordId: string, partitions: number): number => {
  const number = Number.parseInt(recordId.slice('idem_'.length, 'idem_'.length + digits), 16)
  return Number.isNaN(number) ? 0 : number % partitions
}
