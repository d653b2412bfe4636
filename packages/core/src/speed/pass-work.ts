import { OFFLOAD_MIN_BATCH } from '../graph/assign.ts'
import type { ContextShape } from '../context/shape.ts'
import { HOST, type PlaceIndex } from '../memory/run-memory.ts'
import { attentionWork, shapeAtDepth } from './attention-work.ts'
import type { Pass } from './pass.ts'
import { addHop, emptyWork, type GrowingWork, type PassWork, residualBytes, workAt } from './place-work.ts'
import { headPlace, type PlacedWeights } from './placed-weights.ts'
import type { SpeedRun } from './run.ts'

interface Walk {
  readonly run: SpeedRun
  readonly pass: Pass
  readonly shape: ContextShape
  readonly work: GrowingWork
  /** Where the multiplication by a weight runs that lies at a place, or a layer's work that has none. */
  readonly runsAt: (weights: Pick<PlacedWeights, 'place' | 'hostOnly'>) => PlaceIndex
}

/**
 * What one pass reads and computes at each place and sends between them, block by block and the output layer last. Bytes of
 * weights are those of the file; multiplications count 2 operations a weight and token, logits the rows asked for.
 */
export function passWork(run: SpeedRun, pass: Pass): PassWork {
  const work = emptyWork(run.layout.deviceCount)
  const uploads = run.settings.opOffload && pass.tokens >= OFFLOAD_MIN_BATCH && run.layout.deviceCount > 0
  const shape = shapeAtDepth(run, pass)
  const runsAt: Walk['runsAt'] = ({ place, hostOnly }) => (place === HOST && uploads && !hostOnly ? 0 : place)
  const walk: Walk = { run, pass, shape, work, runsAt }
  const { layers } = run.layout
  run.weights.blocks.forEach((_, il) => {
    addHop(work.hops, layers[Math.max(0, il - 1)]!, layers[il]!, activation(walk))
    addBlock(walk, il)
  })
  for (const weights of run.weights.others) addWeights(walk, weights, pass.tokens)
  for (const weights of run.weights.output) addWeights(walk, weights, pass.outputs)
  const last = layers[run.model.runBlockCount - 1]!
  const head = headPlace(run.weights, run.layout, run.model)
  addHop(work.hops, last, head, residualBytes(run.model, { tokens: pass.outputs }))
  return work
}

const activation = ({ run, pass }: Walk): number => residualBytes(run.model, pass)

function addBlock(walk: Walk, il: number): void {
  const { run, pass, work, runsAt } = walk
  const layer = run.layout.layers[il]!
  const home = runsAt({ place: layer, hostOnly: false })
  const away = new Set<PlaceIndex>()
  for (const weights of run.weights.blocks[il]!) {
    addWeights(walk, weights, pass.tokens)
    if (weights.matrixLaunches > 0) away.add(runsAt(weights))
  }
  const attention = run.settings.offloadKqv ? layer : HOST
  const { cacheBytes, scoreBytes, flops } = attentionWork(il, walk)
  const at = workAt(work, attention)
  at.cacheBytes += cacheBytes
  at.scoreBytes += scoreBytes
  at.attentionFlops += flops
  if (cacheBytes > 0) away.add(attention)
  // Whatever runs elsewhere sends its input there and its result back.
  for (const place of away) {
    addHop(work.hops, home, place, activation(walk))
    addHop(work.hops, place, home, activation(walk))
  }
}

/** `ggml_backend_sched_compute_splits` copies no expert that the batch does not use. */
function addWeights({ run, pass, work, runsAt }: Walk, weights: PlacedWeights, tokens: number): void {
  const { expertCount, expertUsedCount } = run.model
  const used = expertCount > 0 ? expertUsedCount / expertCount : 1
  const chosen = expertCount > 0 ? distinctExperts(expertCount, expertUsedCount, pass.tokens) / expertCount : 1
  const here = workAt(work, weights.place)
  here.weightBytes += weights.vectorBytes
  here.launches += weights.vectorLaunches
  const target = runsAt(weights)
  const at = workAt(work, target)
  at.weightBytes += weights.denseBytes + weights.expertBytes * used
  at.chanceBytes += weights.expertBytes * (chosen - used)
  at.launches += weights.matrixLaunches
  at.matrixFlops += 2 * weights.denseElements * tokens
  at.expertFlops += 2 * weights.expertElements * used * tokens
  if (target !== weights.place) work.uploadedBytes += weights.denseBytes + weights.expertBytes * chosen
}

/**
 * Experts that at least one of the tokens chooses, were every choice equally likely: `n (1 - (1 - k/n)^t)`. Real routers
 * prefer some, so that fewer are read.
 */
export const distinctExperts = (experts: number, used: number, tokens: number): number =>
  experts * (1 - (1 - Math.min(1, used / experts)) ** tokens)
