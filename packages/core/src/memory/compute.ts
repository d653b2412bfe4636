import type { ContextShape } from '../context/shape.ts'
import { type ComputeOptions, generationSize, type GraphReserver, graphReserver, promptSize } from './graph-reserver.ts'
import type { Run } from './run.ts'
import { HOST } from './run-memory.ts'

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

/** Compute buffer of every device, the host's last: the larger of the prompt's and the generation's graph. Exact. */
export function computeBuffers(run: Run, shape: ContextShape, options: ComputeOptions): readonly number[] {
  const reserver = graphReserver(run, shape, options)
  return options.fitView ? reserver.reserve(promptSize(shape)).bufferBytes : largerOf(reserver, shape)
}

/** The same where `auto` is open: flash attention where it works, and what that takes. Exact. */
export function automaticBuffers(
  run: Run,
  shape: ContextShape,
  options: Omit<ComputeOptions, 'flashAttention'>,
): { readonly flashAttention: boolean; readonly buffers: readonly number[] } {
  const reserver = graphReserver(run, shape, { ...options, flashAttention: true })
  if (reserver.flashAttentionWorks()) return { flashAttention: true, buffers: largerOf(reserver, shape) }
  return { flashAttention: false, buffers: computeBuffers(run, shape, { ...options, flashAttention: false }) }
}

/** Whether `auto` comes to flash attention. Exact. */
export const flashAttentionWorks = (run: Run, shape: ContextShape): boolean =>
  graphReserver(run, shape, { flashAttention: true, pipelineParallel: false }).flashAttentionWorks()

function largerOf({ reserve }: GraphReserver, shape: ContextShape): readonly number[] {
  const prompt = reserve(promptSize(shape)).bufferBytes
  const generation = reserve(generationSize(shape)).bufferBytes
  return prompt.map((size, backend) => Math.max(size, generation[backend]!))
}
