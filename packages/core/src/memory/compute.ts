import type { ContextShape } from '../context/shape.ts'
import { type GraphBuilder, type GraphRun, type GraphSize, layerBackend, newBuilder } from '../graph/builder/builder.ts'
import { embeddings } from '../graph/builder/embeddings.ts'
import { assignBackends } from '../graph/assign.ts'
import { attempts, foldBlocks, unfolded } from '../graph/builder/folding.ts'
import type { MomentRecorder } from '../graph/fullest-moment.ts'
import { replay, type ReplayOptions } from '../graph/replay.ts'
import type { Model } from '../model/model.ts'
import { behaviourOf } from './behaviour.ts'
import { loadedModel } from './loaded-model.ts'
import { placeLookup } from './overrides.ts'
import { architectureNamed } from '../model/architectures/index.ts'
import type { Run } from './run.ts'
import { pipelineCopiesOf } from './settings.ts'
import { HOST, type RunLayout } from './run-memory.ts'

/** `llama_context`: pipeline parallelism needs several devices, every layer on one of them, and nothing overridden. */
export const pipelineParallel = ({ model, settings, layout }: Run): boolean =>
  settings.pipelineAllowed &&
  layout.deviceCount > 1 &&
  layout.splitMode === 'layer' &&
  settings.offloadKqv &&
  layout.overrides.length === 0 &&
  layout.layers.length === model.blockCount + 1 &&
  layout.layers.every((place) => place !== HOST)

/** The same run as one device would do it alone. */
export const wholeModelOnOneDevice = (run: Run): Run => ({
  ...run,
  layout: { ...run.layout, deviceCount: 1, layers: run.layout.layers.map(() => 0), overrides: [] },
})

export interface ComputeOptions {
  readonly flashAttention: boolean
  readonly pipelineParallel: boolean
  /** What the automatic fit measures: norms unpinned, the prompt graph only. */
  readonly fitView?: boolean
}

/** Compute buffer of every device, the host's last: the larger of the prompt's and the generation's graph. Exact. */
export function computeBuffers(run: Run, shape: ContextShape, options: ComputeOptions): readonly number[] {
  const reserve = graphReserver(run, shape, options)
  const prompt = reserve(promptSize(shape)).bufferBytes
  if (options.fitView) return prompt
  const generation = reserve(generationSize(shape)).bufferBytes
  return prompt.map((size, backend) => Math.max(size, generation[backend]!))
}

/** A graph as it was reserved, and who watched. */
export interface ReservedGraph {
  readonly builder: GraphBuilder
  readonly bufferBytes: readonly number[]
  readonly recorder: MomentRecorder | undefined
}

/**
 * `graph_reserve` of one run, for graphs of any size: identical blocks are replayed once where that changes nothing. With
 * `record` every attempt is watched by a recorder of its own. Exact.
 */
export function graphReserver(
  run: Run,
  shape: ContextShape,
  options: ComputeOptions,
): (size: GraphSize, record?: () => MomentRecorder) => ReservedGraph {
  const graphRun = {
    ...run,
    model: loadedModel(run.model, run.settings),
    shape,
    flashAttention: options.flashAttention,
    normPinning: !options.fitView,
  }
  const replayOptions: ReplayOptions = {
    hostBackend: run.layout.deviceCount,
    copies: options.pipelineParallel ? pipelineCopiesOf(run.settings) : 1,
    opOffload: offloadsOperations(run),
    expertFusion:
      run.model.expertCount > 0 &&
      run.layout.splitMode !== 'tensor' &&
      behaviourOf(run.settings.llamaCppBuild).keepsFusedExperts,
  }
  const signatures = blockSignatures(run.model, run.layout)
  const foldings = [...attempts.map((attempt) => foldBlocks(signatures, attempt)), unfolded(signatures.length)]
  return (size, record) => {
    for (const folding of foldings) {
      const builder = buildGraph({ ...graphRun, folding }, size)
      const recorder = record?.()
      const { graph, marks } = builder
      const watched = recorder ? { ...replayOptions, witness: recorder } : replayOptions
      const { bufferBytes, settled } = replay({ graph, marks, checks: folding.checks }, watched)
      if (settled) return { builder, bufferBytes, recorder }
    }
    throw new Error('a graph with every block in it has nothing to settle')
  }
}

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

function buildGraph(run: GraphRun, size: GraphSize): GraphBuilder {
  const builder = newBuilder(run, size)
  const architecture = architectureNamed(run.model.architecture)
  architecture.graph(builder, (architecture.embeddings ?? embeddings)(builder))
  return builder
}

/**
 * `resolve_fused_ops` for `auto`: off when any attention kernel would run elsewhere than its block lies, as when the
 * device has no kernel for its head size or the cache is kept in host memory. Exact.
 */
export function flashAttentionWorks(run: Run, shape: ContextShape): boolean {
  const folding = foldBlocks(blockSignatures(run.model, run.layout), attempts[0]!)
  const builder = buildGraph({ ...run, shape, flashAttention: true, normPinning: true, folding }, generationSize(shape))
  const { graph, hostBackend, fusedAttention } = builder
  assignBackends(graph, { hostBackend, copies: 1, opOffload: offloadsOperations(run) })
  return fusedAttention.every(({ node, il }) => node.backend === layerBackend(builder, il))
}
