import { bytes, formatBytes, groupThousands } from '../units.ts'
import { HOST } from '../memory/run-memory.ts'
import type { OwnChoice } from './engine.ts'
import type { LayerEstimate } from './koboldcpp-estimate.ts'

/** What it does without `--gpulayers`: its autofit, and where that fails the older estimate, term by term. */
export function explainAutofit(choice: OwnChoice, estimate: LayerEstimate): readonly string[] {
  if (choice.outcome === 'failed')
    return ['Its autofit fails here; its older estimate decides.', ...explainEstimate(estimate)]
  const { layers } = choice.layout
  const onGpus = layers.filter((place) => place !== HOST).length
  return [
    `Its autofit keeps 1 GiB of every GPU free and puts ${onGpus} of ${layers.length} layers on the GPUs.`,
    'Versions before 1.108, and this one where autofit fails, go by an older estimate:',
    ...explainEstimate(estimate),
  ]
}

/** How KoboldCpp's older estimate comes to its layers, a sentence a term. */
export function explainEstimate(estimate: LayerEstimate): readonly string[] {
  const { input, used, contextFactor, shareByFile, layers } = estimate
  const { memoryTotal, fileSize, contextSize, blockCount } = input
  return [
    `The smallest GPU has ${formatBytes(memoryTotal)}, of which ${formatBytes(used)} are in use.`,
    `By the file: ${formatBytes(fileSize)}, times ${rounded(contextFactor)} for a context of ${groupThousands(contextSize)}, times 1.6${batches(input.batchSize)}, would let ${percent(shareByFile)} of the blocks on the GPU.`,
    ...byCache(estimate),
    layers === 0
      ? 'Too few are left to be worth it: no layer is recommended.'
      : `The larger share counts: ${layers} of ${blockCount + 1} layers are recommended.`,
  ]
}

function byCache({ input, reserved, compute, cache, shareByCache }: LayerEstimate): readonly string[] {
  if (compute === undefined || cache === undefined || shareByCache === undefined) {
    return ['By the cache: the header does not give one number of KV heads, so that rule is left out.']
  }
  const [buffers, beside] = [bytes(Math.round(compute)), bytes(Math.round(cache))]
  return [
    `By the cache: ${formatBytes(reserved)} are reserved and ${formatBytes(buffers)} taken for compute buffers; the file and ${formatBytes(beside)} of cache, whatever its type, would let ${percent(shareByCache)} of the blocks on what is left of ${formatBytes(input.memoryTotal)}.`,
  ]
}

const batches = (batchSize: number): string =>
  batchSize <= 512 ? '' : ` and 1.2 for batches of ${groupThousands(batchSize)}`

const rounded = (factor: number): string => String(Math.round(factor * 100) / 100)

const percent = (share: number): string => `${Math.max(0, Math.floor(share * 100))} %`
