/** Says one thing to the process that started this one. Written at once, so that a kill takes nothing of it. */
export const say = (message: unknown): void => {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}
