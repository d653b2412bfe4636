// `npm test`: every check, cheap to dear. `--only=lint,unit` or `--skip=e2e` choose among them while working.
import { failWith } from './lib/fail.mjs'
import { requireNode } from './lib/node-version.mjs'

requireNode()
import('./lib/test.mjs').then(({ test }) => test(process.argv.slice(2))).catch(failWith)
