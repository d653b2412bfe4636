import { expect, it } from 'vitest'
import { expand, newGraph } from './compute-graph.ts'
import { inputTensor, rmsNorm, unary } from './operations.ts'
import { replay } from './replay.ts'

const options = { hostBackend: 1, copies: 1, opOffload: true, expertFusion: false }

it('does not take blocks for settled that put nothing into the graph', () => {
  const graph = newGraph()
  expand(graph, unary(rmsNorm(inputTensor('f32', 256)), 'silu'))
  // Three blocks begin at the second of the two nodes: their windows are empty.
  const { settled } = replay({ graph, marks: [1, 1, 1], checks: [{ from: 0, window: 1 }], isAssigned: false }, options)
  expect(settled).toBe(false)
})
