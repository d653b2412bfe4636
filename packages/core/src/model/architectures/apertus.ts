import { feedForward } from '../../graph/builder/feed-forward.ts'
import { transformer } from '../../graph/builder/transformer.ts'
import type { Architecture } from './architecture.ts'

/** src/models/apertus.cpp: xIELU without a gate. */
export const apertus: Architecture = {
  names: ['apertus'],
  graph: transformer({ feedForward: (b, x, il) => feedForward(b, x, il, { activation: 'xielu' }) }),
}
