import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'

const eventsOf = (folder, host) =>
  JSON.parse(readFileSync(join(folder, host, 'index.json'), 'utf8')).map(({ name, examples }) => ({ name, examples }))

/**
 * What the demo plays, in one file that ships with it (NOTICE says where it is from): every webhook body of the package
 * @octokit/webhooks-examples by host and kind of event. The bodies are so much alike that 7 MB become 40 kB.
 */
export const packedWebhooks = () => {
  const folder = dirname(createRequire(import.meta.url).resolve('@octokit/webhooks-examples/package.json'))
  const hosts = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  const text = JSON.stringify(hosts.map(({ name: host }) => ({ host, events: eventsOf(folder, host) })))
  const params = {
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length
  }
  return brotliCompressSync(text, { params })
}
