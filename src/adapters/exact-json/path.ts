/** The JSON path of a member or an item, `$.outcome.details[3]["a key"]`. */
export const pathTo = (path: string, step: string | number): string => {
  if (typeof step === 'number') return `${path}[${step}]`
  return /^[A-Za-z_$][\w$]*$/.test(step) ? `${path}.${step}` : `${path}[${JSON.stringify(step)}]`
}
