import type * as t from 'io-ts'
import { quoted } from './text.ts'

/** The JSON path of the first fault that a codec found, from a root on. */
export const faultPath = (errors: t.Errors, root = '$'): string => {
  const [error] = errors
  const steps = (error?.context ?? [])
    .map(({ key }) => key)
    // an intersection shows up as a numbered member between two field names
    .filter((key) => key !== '' && !/^\d+$/.test(key))
    .map((key) => `.${key}`)
  return quoted(`${root}${steps.join('')}`)
}
