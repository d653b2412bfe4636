// `npm start`: from a bare clone to a running Berth. Only syntax that old Node understands, so that the version
// check below can speak before anything else fails.
import { failWith } from './lib/fail.mjs'
import { requireNode } from './lib/node-version.mjs'

requireNode()
import('./lib/start.mjs').then(({ start }) => start()).catch(failWith)
