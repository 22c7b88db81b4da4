/**
 * A text that keeps nothing alive but itself. V8 cuts a part of 13 characters or more out of a text by pointing into
 * it, so that a key of 40 characters would hold the line of 60 MB that it came in. Put together anew it is a copy.
 */
export const ownText = (text: string): string => (text.length < 13 ? text : `x${text}`.slice(1))
