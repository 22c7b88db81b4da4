/** Where a node is. */
export type Address = { readonly host: string; readonly port: number }

const name = /^[^\s:@/?#,[\]]{1,253}$/
const ipv6 = /^[0-9a-f:.]{2,45}$/i

/** An address that somebody told; undefined where it is none. */
export const addressOf = (host: string | undefined, port: number | undefined): Address | undefined =>
  host !== undefined && port !== undefined && (name.test(host) || ipv6.test(host)) && port > 0 && port < 65_536
    ? { host, port }
    : undefined

/** As gRPC wants it. */
export const targetOf = ({ host, port }: Address): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`

export const isSame = (a: Address, b: Address): boolean => a.host === b.host && a.port === b.port
