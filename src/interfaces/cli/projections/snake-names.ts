/** The members of an object under the names that the command line's JSON has for them. */
export const withSnakeNames = (object: object): { readonly [name: string]: unknown } =>
  Object.fromEntries(
    Object.entries(object).map(([name, value]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value
    ])
  )
