/** By what it is made of, not by its class: a test runner hands over arrays of another realm. */
export const isBytes = (value: unknown): value is Uint8Array =>
  ArrayBuffer.isView(value) && Reflect.get(value, Symbol.toStringTag) === 'Uint8Array'
