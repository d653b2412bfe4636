import { describe, expect, it } from 'vitest'
import type { GgufHeader } from '../header/header.ts'
import type { Mix } from './mix.ts'
import { mixFileBytes } from './quantize-header.ts'
import { llama31With8B, llama2With7B, llama2With70B, mixtral, qwen25With72B } from './fixtures.ts'

/** Data sections of files that llama-quantize wrote. */
const written: readonly (readonly [string, GgufHeader, Partial<Record<Mix, number>>])[] = [
  [
    'Llama 3.1 8B',
    llama31With8B,
    {
      Q2_K: 3171295488,
      Q3_K_M: 4011081984,
      IQ4_XS: 4476526848,
      Q4_0: 4653375744,
      Q4_K_S: 4684833024,
      Q4_K_M: 4912898304,
      Q5_K_M: 5725151488,
      Q6_K: 6588170496,
      Q8_0: 8532934912,
      F16: 16061055232,
      BF16: 16061055232,
    },
  ],
  [
    'Llama 2 7B',
    llama2With7B,
    {
      Q2_K: 2532122624,
      Q3_K_M: 3297263616,
      IQ4_XS: 3646775296,
      Q4_0: 3825065984,
      Q4_K_S: 3855998976,
      Q4_K_M: 4080263168,
      Q5_K_M: 4782415872,
      Q6_K: 5528453120,
      F16: 13477363712,
    },
  ],
  [
    'Mixtral 8x7B',
    mixtral,
    {
      Q2_K: 17310490624,
      Q3_K_M: 22545711104,
      IQ4_XS: 25373401088,
      Q4_0: 26442850304,
      Q4_K_S: 26744840192,
      Q4_K_M: 28447727616,
      Q5_K_M: 33228840960,
      Q6_K: 38380077056,
      F16: 93408215040,
    },
  ],
  [
    'Llama 2 70B',
    llama2With70B,
    {
      Q2_K: 25461669888,
      Q3_K_M: 33273970688,
      IQ4_XS: 37196054528,
      Q4_0: 38871482368,
      Q4_K_S: 39248969728,
      Q4_K_M: 41422143488,
      Q5_K_M: 48753000448,
      Q6_K: 56586600448,
      F16: 137955934208,
    },
  ],
  // The published Qwen2.5-72B-Instruct-Q4_K_M.gguf has 47,415,715,488 bytes; 5,990,048 of them are its header.
  ['Qwen2.5 72B', qwen25With72B, { Q4_K_M: 47409725440 }],
]

describe.each(written)('%s', (_, header, sizes) => {
  it.each(Object.entries(sizes))('%s is %i bytes', (mix, size) => {
    expect(mixFileBytes(header, mix as Mix)).toBe(size)
  })
})
