import { expect, it } from 'vitest'
import { said } from './main.mjs'

it('does what it says', () => {
  expect(said).toBe('charged once')
})
