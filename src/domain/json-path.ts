import { quoted } from './text.ts'

/** A path with more characters is told in part only. */
const longest = 1000

/** What a message must not hold as it is: it could turn a line around, or look like another name. As JSON writes it. */
const visible = (json: string): string =>
  json.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) =>
    [...Array(character.length).keys()]
      .map((unit) => `\\u${character.charCodeAt(unit).toString(16).padStart(4, '0')}`)
      .join('')
  )

/**
 * The JSON path of a member or an item, `$.outcome.details[3]["a key"]`. Names come from outside and may be of any
 * length: of a long one the beginning is told, as of any text that is quoted, and so it is with a long path.
 */
export const pathTo = (path: string, step: string | number): string => {
  if (path.length > longest) return path.endsWith('…') ? path : `${path}…`
  if (typeof step === 'number') return `${path}[${step}]`
  const name = quoted(step)
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `${path}.${name}` : `${path}[${visible(JSON.stringify(name))}]`
}
