import process from 'node:process'

const usual = 200_000

/** How many events the log has that is projected: so many at least. */
export const eventsWanted = (given: string | undefined = process.env['KEYFOLD_BENCH_EVENTS']): number => {
  if (given === undefined || given === '') return usual
  if (!/^[1-9]\d{2,6}$/.test(given)) throw new Error('KEYFOLD_BENCH_EVENTS must be a number of events, 100 to 9999999')
  return Number(given)
}
