import { readFileSync } from 'node:fs'
import { startStandIn } from 'keyfold/testing/eventstoredb'

export const overTls = () =>
  startStandIn({
    tls: {
      cert: readFileSync('certificate.pem', 'utf8'),
      key: readFileSync('privateKey.pem', 'utf8'),
      caFile: 'certificate.pem'
    },
    users: { keyfold: 'pa:ss@/1' },
    admins: ['keyfold']
  })
