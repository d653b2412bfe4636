import type { ComputeGraph } from './compute-graph.ts'
import { graphElements, type GraphTensor } from './tensor.ts'

/** The first node whose shape no file could have meant: what ggml would stop at with an assertion. */
export const firstImpossibleNode = ({ nodes }: ComputeGraph): GraphTensor | undefined =>
  nodes.find((node) => !isPossible(node))

function isPossible(node: GraphTensor): boolean {
  if (!node.ne.every((size) => Number.isInteger(size) && size >= 0)) return false
  if (!Number.isSafeInteger(graphElements(node) * 4)) return false
  const [a, b] = node.src
  switch (node.op) {
    case 'MUL_MAT':
    case 'MUL_MAT_ID':
      return a!.ne[0] === b!.ne[0]
    case 'RESHAPE':
      return graphElements(node) === graphElements(a!)
    case 'ADD':
    case 'SUB':
    case 'MUL':
    case 'DIV':
      return canRepeat(b!, a!)
    default:
      return true
  }
}

/** `ggml_can_repeat`. */
const canRepeat = (small: GraphTensor, large: GraphTensor): boolean =>
  small.ne.every((size, dimension) => size > 0 && large.ne[dimension]! % size === 0)
