import { contextShape } from '../context/shape.ts'
import { type GraphBuilder, MissingTensorError, newBuilder } from '../graph/builder/builder.ts'
import { embeddings } from '../graph/builder/embeddings.ts'
import { foldBlocks } from '../graph/builder/folding.ts'
import { firstImpossibleNode } from '../graph/validate.ts'
import { requestDefaults } from '../memory/settings.ts'
import { tokens } from '../units.ts'
import type { Architecture } from './architectures/architecture.ts'
import type { DescribeIssue, Model } from './model.ts'

/** Small enough to be quick, large enough that every operation of a block appears. */
const PROBE_TOKENS = tokens(32)

/**
 * Builds the graph once with few tokens, so that a file whose tensors are missing or do not fit together is refused when
 * it is described and not when it is planned.
 */
export function probeGraph(model: Model, architecture: Architecture): DescribeIssue | undefined {
  const builder = probeBuilder(model)
  try {
    architecture.graph(builder, (architecture.embeddings ?? embeddings)(builder))
  } catch (error) {
    if (error instanceof MissingTensorError) return { code: 'missing-tensor', tensor: error.tensor }
    throw error
  }
  const impossible = firstImpossibleNode(builder.graph)
  if (!impossible) return undefined
  const at = builder.graph.nodes.indexOf(impossible)
  const position = builder.marks.findLastIndex((mark) => mark <= at)
  const { blocks } = builder.folding
  return { code: 'shapes-do-not-match', block: blocks[Math.min(Math.max(0, position), blocks.length - 1)]! }
}

function probeBuilder(model: Model): GraphBuilder {
  const settings = {
    ...requestDefaults,
    contextLength: PROBE_TOKENS,
    batchSize: PROBE_TOKENS,
    ubatchSize: PROBE_TOKENS,
    outputsMax: 1,
    pipelineAllowed: false,
  }
  const layers = Array.from({ length: model.blockCount + 1 }, () => 0)
  const layout = { splitMode: 'none', deviceCount: 1, layers, overrides: [] } as const
  const shape = contextShape(model, settings)
  // Blocks of one kind fit together alike: a few of each say as much as all of them.
  const kinds = model.blockKinds.map((kind) => model.blockKinds.indexOf(kind))
  const folding = foldBlocks(kinds, { settling: 0, window: 1 })
  return newBuilder(
    { model, settings, shape, layout, flashAttention: true, normPinning: false, folding },
    { tokens: PROBE_TOKENS, outputs: 1, sequences: 1 },
  )
}
