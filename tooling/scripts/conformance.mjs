// `npm run conformance -- <folder> […]`: compares Berth's figures with llama.cpp's own for every case of a folder.
import { failWith } from './lib/fail.mjs'
import { requireNode } from './lib/node-version.mjs'

requireNode()
import('./lib/conformance.mjs').then(({ conformance }) => conformance(process.argv.slice(2))).catch(failWith)
