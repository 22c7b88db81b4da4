/**
 * How numbers from 0 on are distributed, in little memory and with a known error (a DDSketch: buckets that grow by a fixed
 * factor). Sketches of parts are merged into the sketch of the whole, in any order.
 */
export type Sketch = {
  readonly count: number
  readonly zeros: number
  /** How many lie in the bucket of each index: above `growth ** (index - 1)`, and up to `growth ** index`. */
  readonly buckets: ReadonlyMap<number, number>
  readonly most: number
}

/** What a quantile may be off by, as a part of what it is. */
export const relativeError = 0.01

const growth = (1 + relativeError) / (1 - relativeError)
const logGrowth = Math.log(growth)

export const emptySketch: Sketch = { count: 0, zeros: 0, buckets: new Map(), most: 0 }

const counted = (counts: Map<number, number>, index: number, count: number): void => {
  counts.set(index, (counts.get(index) ?? 0) + count)
}

/** The sketch of some numbers, finite and from 0 on. Up to the safe integers there are no more than 1,900 buckets. */
export const sketchOf = (values: ReadonlyArray<number>): Sketch => {
  const buckets = new Map<number, number>()
  let zeros = 0
  let most = 0
  for (const value of values) {
    // below 1 the buckets would have no end, and nothing is measured that finely
    if (value < 1) zeros++
    else counted(buckets, Math.ceil(Math.log(value) / logGrowth), 1)
    most = Math.max(most, value)
  }
  return { count: values.length, zeros, buckets, most }
}

export const mergeSketches = (a: Sketch, b: Sketch): Sketch => {
  if (b.count === 0) return a
  const buckets = new Map(a.buckets)
  for (const [index, count] of b.buckets) counted(buckets, index, count)
  return { count: a.count + b.count, zeros: a.zeros + b.zeros, buckets, most: Math.max(a.most, b.most) }
}

/** A sketch as JSON keeps it: the buckets as pairs of index and count. */
export type PackedSketch = {
  /** How many numbers there were. */
  readonly count: number
  /** How many of them were below 1. */
  readonly zeros: number
  /** The greatest of them. */
  readonly most: number
  /** How many lie in the bucket of each index, by index. */
  readonly buckets: ReadonlyArray<readonly [index: number, count: number]>
}

export const emptyPacked: PackedSketch = { count: 0, zeros: 0, most: 0, buckets: [] }

export const packed = ({ count, zeros, most, buckets }: Sketch): PackedSketch => ({
  count,
  zeros,
  most,
  buckets: [...buckets].sort(([a], [b]) => a - b)
})

export const unpacked = ({ count, zeros, most, buckets }: PackedSketch): Sketch => ({
  count,
  zeros,
  most,
  buckets: new Map(buckets)
})

/** A packed sketch with one more number in it. */
export const withNumber = (sketch: PackedSketch, value: number): PackedSketch =>
  packed(mergeSketches(unpacked(sketch), sketchOf([value])))

/** The sum of many sketches: a merge of each would copy what there is so far. */
export const sketchSum = () => {
  const buckets = new Map<number, number>()
  let [count, zeros, most] = [0, 0, 0]
  return {
    add: (one: PackedSketch): void => {
      count += one.count
      zeros += one.zeros
      most = Math.max(most, one.most)
      for (const [index, inBucket] of one.buckets) counted(buckets, index, inBucket)
    },
    sketch: (): Sketch => ({ count, zeros, buckets, most })
  }
}

/** The number below which a part of all of them lies, 0 to 1, with the relative error; undefined where there are none. */
export const quantileOf = ({ count, zeros, buckets, most }: Sketch, part: number): number | undefined => {
  if (count === 0) return undefined
  let left = Math.floor(part * (count - 1)) - zeros
  if (left < 0) return 0
  for (const [index, inBucket] of [...buckets].sort(([a], [b]) => a - b)) {
    left -= inBucket
    // the middle of the bucket, as far from its one end as from its other in relation to them
    if (left < 0) return Math.min(most, (2 * growth ** index) / (growth + 1))
  }
  return most
}

/** What is told of a distribution, in the unit of its numbers, with the relative error. */
export type Percentiles = {
  /** How many numbers there were. */
  readonly count: number
  /** Half of them are at most this. */
  readonly p50: number
  /** Nine of ten are at most this. */
  readonly p90: number
  /** All but one of a hundred are at most this. */
  readonly p99: number
  /** The greatest of them, exactly. */
  readonly most: number
}

export const percentilesOf = (sketch: Sketch): Percentiles | undefined => {
  const [p50, p90, p99] = [0.5, 0.9, 0.99].map((part) => quantileOf(sketch, part))
  return p50 === undefined || p90 === undefined || p99 === undefined
    ? undefined
    : { count: sketch.count, p50, p90, p99, most: sketch.most }
}
