/** Eight heights, and the same for terminals that are to show plain characters alone. */
const heights = { fine: '▁▂▃▄▅▆▇█', plain: '.:-=+*#@' } as const

/** How things are drawn: with block characters, or with ASCII where NO_COLOR is set. */
export type Ink = keyof typeof heights

export const inkFor = (env: { readonly [name: string]: string | undefined }): Ink =>
  (env['NO_COLOR'] ?? '') === '' ? 'fine' : 'plain'

/** Numbers from 0 on as one line, a character each; what is none is a blank. */
export const sparkline = (values: ReadonlyArray<number>, ink: Ink): string => {
  const most = values.reduce((a, b) => Math.max(a, b), 0)
  return values
    .map((value) => (value <= 0 ? ' ' : heights[ink].charAt(Math.ceil((value / most) * heights[ink].length) - 1)))
    .join('')
}

/** A bar for a part of the most, no longer than there is room; anything at all is seen. */
export const bar = (value: number, most: number, room: number, ink: Ink): string =>
  value <= 0 ? '' : (ink === 'fine' ? '█' : '#').repeat(Math.ceil((value / most) * room))
