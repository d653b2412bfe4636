// `npm run bench [-- name …]`: bundles and runs every file of tooling/bench/src, or those whose name is given.
import { failWith } from './lib/fail.mjs'
import { requireNode } from './lib/node-version.mjs'

requireNode()
import('./lib/bench.mjs').then(({ bench }) => bench(process.argv.slice(2))).catch(failWith)
