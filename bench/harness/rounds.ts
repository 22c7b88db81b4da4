import process from 'node:process'

/** The most rounds that a short run takes; undefined where the run is a whole one. */
export const shortRounds = (given: string | undefined = process.env['KEYFOLD_BENCH_ROUNDS']): number | undefined => {
  if (given === undefined || given === '') return undefined
  if (!/^[1-9]\d{0,3}$/.test(given)) throw new Error('KEYFOLD_BENCH_ROUNDS must be a number of rounds, 1 to 9999')
  return Number(given)
}

/** So many rounds, or fewer where the run is to be a short one, which says whether a benchmark works and little more. */
export const rounds = (usual: number): number => Math.min(usual, shortRounds() ?? usual)
