import { expect, it } from 'vitest'
import { bytes, gibibytes, tokens } from '../units.ts'
import { type EstimateInput, estimateLayers } from './koboldcpp-estimate.ts'
import { explainEstimate } from './koboldcpp-explain.ts'

const llama: EstimateInput = {
  memoryTotal: gibibytes(6),
  memoryFree: gibibytes(5),
  fileSize: bytes(4_920_734_272),
  contextSize: tokens(8192),
  batchSize: tokens(512),
  blockCount: 32,
  headCountKv: 8,
  headLength: 0,
}

it.each<[what: string, changes: Partial<EstimateInput>, lines: readonly string[]]>([
  [
    'both rules',
    {},
    [
      'The smallest GPU has 6.00 GiB, of which 1.00 GiB are in use.',
      'By the file: 4.58 GiB, times 2 for a context of 8,192, times 1.6, would let 34 % of the blocks on the GPU.',
      'By the cache: 1.50 GiB are reserved and 742 MiB taken for compute buffers; the file and 1.15 GiB of cache, whatever its type, would let 65 % of the blocks on what is left of 6.00 GiB.',
      'The larger share counts: 21 of 33 layers are recommended.',
    ],
  ],
  [
    'the file alone, and nothing left',
    { headCountKv: 0, batchSize: tokens(1024), contextSize: tokens(131_072), memoryFree: gibibytes(1) },
    [
      'The smallest GPU has 6.00 GiB, of which 5.00 GiB are in use.',
      'By the file: 4.58 GiB, times 32 for a context of 131,072, times 1.6 and 1.2 for batches of 1,024, would let 0 % of the blocks on the GPU.',
      'By the cache: the header does not give one number of KV heads, so that rule is left out.',
      'Too few are left to be worth it: no layer is recommended.',
    ],
  ],
])('says %s', (_, changes, lines) => {
  expect(explainEstimate(estimateLayers({ ...llama, ...changes }))).toEqual(lines)
})
