import { it } from 'vitest'
import { aLostAnswer, anElection } from './snippets/test-against-the-stand-in.ts'

it('the how-to’s test of a lost answer passes', aLostAnswer)

it('the how-to’s test of an election passes', anElection)
