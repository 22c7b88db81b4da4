import { expect, it } from '@jest/globals'
import { said } from './main.mjs'

it('does what it says', () => {
  expect(said).toBe('charged once')
})
