// Starts what was built, asks it once, and prints what it says.
import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })

const port = await freePort()
const args = ['node_modules/next/dist/bin/next', 'start', '--hostname', '127.0.0.1', '--port', `${port}`]
const app = spawn(process.execPath, args, { stdio: ['ignore', process.stderr, process.stderr] })

const asked = async () => {
  for (let tries = 0; tries < 120 && app.exitCode === null; tries++) {
    const response = await fetch(`http://127.0.0.1:${port}/pay`).catch(() => undefined)
    if (response !== undefined) return response.text()
    await sleep(500)
  }
  throw new Error('the app cannot be reached')
}

try {
  console.log(await asked())
} finally {
  app.kill()
}
