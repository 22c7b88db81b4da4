/** A door that stays shut until it is opened. */
export type Gate = {
  readonly open: () => void
  /** Waits at the door. */
  readonly pass: () => Promise<void>
  /** Resolves once somebody waits at the door. */
  readonly reached: Promise<void>
}

export const gate = (): Gate => {
  let open = (): void => undefined
  let arrive = (): void => undefined
  const passed = new Promise<void>((resolve) => {
    open = resolve
  })
  const reached = new Promise<void>((resolve) => {
    arrive = resolve
  })
  return {
    open: () => open(),
    reached,
    pass: () => {
      arrive()
      return passed
    }
  }
}
