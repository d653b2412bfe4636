import { describe, expect, it } from 'vitest'
import { bytes, gibibytes } from '../../units.ts'
import { automaticBatch, defaultNumCtx } from './automatic-settings.ts'

it.each([
  [0, 4096],
  [22.99, 4096],
  [23, 32_768],
  [46.99, 32_768],
  [47, 262_144],
  [640, 262_144],
])('GPUs of %d GiB are given %d tokens', (gib, numCtx) => {
  expect(defaultNumCtx(gibibytes(gib))).toBe(numCtx)
})

describe('the batch', () => {
  const room = { predicted: gibibytes(10), available: gibibytes(100), flashAttention: true, cudaFree: [gibibytes(100)] }
  it.each([
    [4096, {}, 512],
    [4097, {}, 1024],
    [32_768, {}, 1024],
    [32_769, {}, 2048],
    // 2048 wants the model within 60 % and 2 GiB left up to 80 %, 1024 within 75 % and 768 MiB left.
    [40_000, { predicted: gibibytes(60) }, 2048],
    [40_000, { predicted: gibibytes(60.1) }, 1024],
    [40_000, { predicted: gibibytes(75) }, 1024],
    [40_000, { predicted: gibibytes(75.1) }, 512],
    [40_000, { predicted: gibibytes(5), available: gibibytes(8.5), cudaFree: [gibibytes(8.5)] }, 1024],
    [40_000, { predicted: gibibytes(6), available: gibibytes(8), cudaFree: [gibibytes(8)] }, 512],
    [40_000, { available: bytes(0), cudaFree: [] }, 2048],
    // Without flash attention CUDA cards keep the default, and small ones half of it for more than 4096 tokens.
    [40_000, { flashAttention: false }, 512],
    [40_000, { flashAttention: false, cudaFree: [gibibytes(24), gibibytes(8)] }, 256],
    [4096, { flashAttention: false, cudaFree: [gibibytes(8)] }, 512],
    [40_000, { flashAttention: false, cudaFree: [] }, 2048],
  ])('for %d tokens, %j, is %d', (contextLength, changes, batch) => {
    expect(automaticBatch({ ...room, ...changes, contextLength })).toBe(batch)
  })
})
