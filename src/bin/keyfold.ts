#!/usr/bin/env node
import process from 'node:process'
import { main } from '../composition/cli.ts'

// the code alone is set: the process ends by itself once nothing is left to do
process.exitCode = await main(process.argv.slice(2))
