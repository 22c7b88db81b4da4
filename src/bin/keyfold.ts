#!/usr/bin/env node
import { cliTools } from '../composition/cli.ts'
import { main } from '../interfaces/cli/main.ts'

await main(cliTools, process.argv)
