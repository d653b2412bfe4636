import type { ContextShape } from '../context/shape.ts'
import { assignBackends } from '../graph/assign.ts'
import { type GraphBuilder, type GraphRun, type GraphSize, layerBackend, newBuilder } from '../graph/builder/builder.ts'
import { embeddings } from '../graph/builder/embeddings.ts'
import { attempts, foldBlocks, unfolded } from '../graph/builder/folding.ts'
import type { MomentRecorder } from '../graph/fullest-moment.ts'
import { replay, type ReplayOptions } from '../graph/replay.ts'
import { architectureNamed } from '../model/architectures/index.ts'
import type { Model } from '../model/model.ts'
import { behaviourOf } from './behaviour.ts'
import { loadedModel } from './loaded-model.ts'
import { placeLookup } from './overrides.ts'
import type { Run } from './run.ts'
import { HOST, type RunLayout } from './run-memory.ts'
import { pipelineCopiesOf } from './settings.ts'

export interface ComputeOptions {
  readonly flashAttention: boolean
  readonly pipelineParallel: boolean
  /** What the automatic fit measures: norms unpinned, the prompt graph only. */
  readonly fitView?: boolean
}

/** A graph as it was reserved, and who watched. */
export interface ReservedGraph {
  readonly builder: GraphBuilder
  readonly bufferBytes: readonly number[]
  readonly recorder: MomentRecorder | undefined
}

export interface GraphReserver {
  /** `graph_reserve` of one size. With `record` every attempt is watched by a recorder of its own. Exact. */
  readonly reserve: (size: GraphSize, record?: () => MomentRecorder) => ReservedGraph
  /**
   * `resolve_fused_ops` for `auto`: off when any attention kernel would run elsewhere than its block lies, as when the
   * device has no kernel for its head size or the cache is kept in host memory. Exact. The generation's graph that it asks
   * is the one that is reserved later.
   */
  readonly flashAttentionWorks: () => boolean
}

/** What one run reserves: identical blocks are replayed once where that changes nothing. */
export function graphReserver(run: Run, shape: ContextShape, options: ComputeOptions): GraphReserver {
  const graphRun = {
    ...run,
    model: loadedModel(run.model, run.settings),
    shape,
    flashAttention: options.flashAttention,
    normPinning: !options.fitView,
  }
  const replayOptions = replayOptionsOf(run, options)
  const signatures = blockSignatures(run.model, run.layout)
  const foldings = [...attempts.map((attempt) => foldBlocks(signatures, attempt)), unfolded(signatures.length)]
  /** Built and assigned to be asked; a replay uses it up. */
  let asked: GraphBuilder | undefined
  return {
    reserve: (size, record) => {
      for (const folding of foldings) {
        const isAssigned = asked !== undefined && asked.folding === folding && isSize(asked, size)
        const builder = isAssigned ? asked! : buildGraph({ ...graphRun, folding }, size)
        if (isAssigned) asked = undefined
        const recorder = record?.()
        const { graph, marks } = builder
        const watched = recorder ? { ...replayOptions, witness: recorder } : replayOptions
        const { bufferBytes, settled } = replay({ graph, marks, checks: folding.checks, isAssigned }, watched)
        if (settled) return { builder, bufferBytes, recorder }
      }
      throw new Error('a graph with every block in it has nothing to settle')
    },
    flashAttentionWorks: () => {
      const builder = buildGraph({ ...graphRun, folding: foldings[0]! }, generationSize(shape))
      assignBackends(builder.graph, replayOptions)
      asked = builder
      return builder.fusedAttention.every(({ node, il }) => node.backend === layerBackend(builder, il))
    },
  }
}

const replayOptionsOf = (run: Run, { pipelineParallel }: ComputeOptions): ReplayOptions => ({
  hostBackend: run.layout.deviceCount,
  copies: pipelineParallel ? pipelineCopiesOf(run.settings) : 1,
  opOffload: offloadsOperations(run),
  expertFusion:
    run.model.expertCount > 0 &&
    run.layout.splitMode !== 'tensor' &&
    behaviourOf(run.settings.llamaCppBuild).keepsFusedExperts,
})

/** The Meta backend of split mode tensor takes no operation over from the host (`offload_op` is null). */
const offloadsOperations = ({ settings, layout }: Run): boolean => settings.opOffload && layout.splitMode !== 'tensor'

/**
 * Equal numbers for blocks of the same kind on the same place. Types of weights count only where a weight may be uploaded,
 * which is when it lies in host memory.
 */
function blockSignatures(model: Model, layout: RunLayout): readonly number[] {
  const override = placeLookup(model, layout.overrides)
  const numbers = new Map<string, number>()
  return model.blockKinds.map((kind, il) => {
    const at = model.weightBlock[il]!
    const [place, weightPlace] = [layout.layers[il]!, layout.layers[at]!]
    const own = model.blockTensors[at]!
    const isWhole = layout.overrides.length === 0 && model.hostTensors.size === 0
    const places = isWhole ? [weightPlace] : own.map(({ name }) => override(name, weightPlace))
    const types = places.includes(HOST) ? own.map(({ type }) => type) : []
    const key = [kind, place, ...places, ...types].join()
    const known = numbers.get(key) ?? numbers.size
    numbers.set(key, known)
    return known
  })
}

export const promptSize = (shape: ContextShape): GraphSize => ({
  tokens: shape.promptTokens,
  outputs: shape.promptOutputs,
  sequences: shape.sequences,
})

export const generationSize = ({ sequences }: ContextShape): GraphSize => ({
  tokens: sequences,
  outputs: sequences,
  sequences,
})

const isSize = ({ tokens, sequences, outputIds }: GraphBuilder, size: GraphSize): boolean =>
  tokens === size.tokens && sequences === size.sequences && outputIds.ne[0] === size.outputs

function buildGraph(run: GraphRun, size: GraphSize): GraphBuilder {
  const builder = newBuilder(run, size)
  const architecture = architectureNamed(run.model.architecture)
  architecture.graph(builder, (architecture.embeddings ?? embeddings)(builder))
  return builder
}
