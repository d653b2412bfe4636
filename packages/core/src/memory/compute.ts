import type { ContextShape } from '../context/shape.ts'
import { type GraphBuilder, type GraphRun, type GraphSize, layerBackend, newBuilder } from '../graph/builder/builder.ts'
import { embeddings } from '../graph/builder/embeddings.ts'
import { assignBackends } from '../graph/assign.ts'
import { replay, type ReplayOptions } from '../graph/replay.ts'
import { architectureNamed } from '../model/architectures/index.ts'
import type { Run } from './run.ts'
import { HOST } from './run-memory.ts'

/** `GGML_SCHED_MAX_COPIES`: with pipeline parallelism every input and every crossing tensor exists four times. */
const PIPELINE_COPIES = 4

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
  const graphRun: GraphRun = { ...run, shape, flashAttention: options.flashAttention, normPinning: !options.fitView }
  const replayOptions: ReplayOptions = {
    hostBackend: run.layout.deviceCount,
    copies: options.pipelineParallel ? PIPELINE_COPIES : 1,
    opOffload: run.settings.opOffload,
    expertFusion: run.layout.splitMode !== 'tensor',
  }
  const buffers = (size: GraphSize): readonly number[] =>
    replay(buildGraph(graphRun, size).graph, replayOptions).bufferBytes
  const prompt = buffers(promptSize(shape))
  if (options.fitView) return prompt
  const generation = buffers(generationSize(shape))
  return prompt.map((size, backend) => Math.max(size, generation[backend]!))
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
  architectureNamed(run.model.architecture).graph(builder, embeddings(builder))
  return builder
}

/**
 * `resolve_fused_ops` for `auto`: off when any attention kernel would run elsewhere than its block lies, as when the
 * device has no kernel for its head size or the cache is kept in host memory. Exact.
 */
export function flashAttentionWorks(run: Run, shape: ContextShape): boolean {
  const builder = buildGraph({ ...run, shape, flashAttention: true, normPinning: true }, generationSize(shape))
  const { graph, hostBackend, fusedAttention } = builder
  assignBackends(graph, { hostBackend, copies: 1, opOffload: run.settings.opOffload })
  return fusedAttention.every(({ node, il }) => node.backend === layerBackend(builder, il))
}
