// Plays the scenarios against a server, and holds what it answered against a recording.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { answersOf } from './lib/answers.mjs'
import { answerDifference, plainDifference } from './lib/differences.mjs'
import { loadModules } from './lib/modules.mjs'
import { normalised } from './lib/normalise.mjs'
import { play } from './lib/play.mjs'
import { requestsOf } from './lib/requests.mjs'
import { openWire } from './lib/wire.mjs'
import { scenarios } from './scenarios/all.mjs'

const all = () => true

/** A recording, or the part of it that is of some scenarios. */
export const recorded = (version, isWanted = all) => {
  const file = new URL(`./answers-${version}.json.gz`, import.meta.url)
  const recording = JSON.parse(String(gunzipSync(readFileSync(file))))
  return { ...recording, scenarios: recording.scenarios.filter(({ name }) => isWanted(name)) }
}

/** Records the server at HOST:PORT; `modules` is a folder in whose `node_modules` the client lies. */
export const record = async (url, modules, isWanted = all) => {
  const wanted = scenarios.filter(({ name }) => isWanted(name))
  const loaded = loadModules(modules)
  const wire = openWire(loaded, { url })
  const token = `r${randomBytes(6).toString('hex')}`
  const about = { wire, requests: requestsOf(loaded), answers: answersOf(loaded), token }
  const played = []
  // side by side, for they mostly wait: none of them looks at what another has written
  let next = 0
  const lane = async () => {
    for (let index = next++; index < wanted.length; index = next++) played[index] = await play(wanted[index], about)
  }
  try {
    await Promise.all(Array.from({ length: 6 }, lane))
  } finally {
    wire.close()
  }
  return { url, token, scenarios: played }
}

const inScenario = (name, left, right) => {
  if (right === undefined) return [`${name}: not played`]
  const keys = [...new Set([...left.steps.keys(), ...right.steps.keys()])]
  const differs = (key) => {
    const [a, b] = [left.steps.get(key), right.steps.get(key)]
    if (a === undefined || b === undefined) return true
    return plainDifference(a.request, b.request).length > 0 || answerDifference(a.answer, b.answer)?.kind === 'answer'
  }
  const found = keys.filter(differs).map((key) => `${name}: ${key}`)
  return right.failure === undefined ? found : [`${name}: ${right.failure}`, ...found]
}

/** The answers that differ in more than wording, and how many there are. */
export const compared = (a, b) => {
  const [ofA, ofB] = [normalised(a), normalised(b)]
  return {
    answers: [...ofA.values()].reduce((sum, { steps }) => sum + steps.size, 0),
    differing: [...ofA].flatMap(([name, left]) => inScenario(name, left, ofB.get(name)))
  }
}
