import { describe, expect, it } from 'vitest'
import { sumBytes, tokens } from '../units.ts'
import { exl2CacheTensors, exl2CacheWorkTensors } from './cache.ts'
import { exl3CacheTensors, exl3CacheWorkBytes } from './exllamav3/cache.ts'
import { exl3Settings } from './exllamav3/settings.ts'
import { exl2CacheModes, exl2Settings } from './settings.ts'

const shape = { headCountKv: [8, 8], headDim: 128 }

describe('the cache of ExLlamaV2', () => {
  // Elements of one block at 4,096 tokens: 4,194,304 keys and as many values.
  it.each([
    ['FP16', [8_388_608, 8_388_608], 0],
    ['FP8', [4_194_304, 4_194_304], 2 * 8_388_608],
    ['Q8', [4_194_304, 4_194_304, 262_144, 262_144], 2 * 8_388_608],
    ['Q6', [4_194_304, 2_097_152, 262_144, 262_144], 2 * 8_388_608],
    ['Q4', [2_097_152, 2_097_152, 262_144, 262_144], 2 * 8_388_608],
  ] as const)('in %s', (cacheMode, tensors, work) => {
    const settings = exl2Settings(tokens(4096), { cacheMode })
    expect(exl2CacheTensors(shape, settings, 0)).toEqual(tensors)
    expect(sumBytes(exl2CacheWorkTensors(shape, settings))).toBe(work)
  })

  it('of Smaug 34B at 200,000 tokens takes 240 KiB a token, as its author counts (exllamav2 issue 383)', () => {
    const smaug = { headCountKv: Array.from({ length: 60 }, () => 8), headDim: 128 }
    const settings = exl2Settings(tokens(200_000))
    const total = sumBytes(smaug.headCountKv.flatMap((_, block) => exl2CacheTensors(smaug, settings, block)))
    expect(total).toBe(200_000 * 240 * 1024)
  })

  it.each(exl2CacheModes)(
    'in %s has a row for every token of every sequence, whatever the model was trained for',
    (cacheMode) => {
      const one = exl2Settings(tokens(1000), { cacheMode })
      const four = { ...one, cacheTokens: tokens(2000), cacheBatchSize: 2 }
      const sizes = exl2CacheTensors(shape, one, 1)
      expect(exl2CacheTensors(shape, four, 1)).toEqual(sizes.map((size) => 4 * size))
      expect(exl2CacheWorkTensors(shape, four)).toEqual(exl2CacheWorkTensors(shape, one).map((size) => 4 * size))
    },
  )

  it('rounds an odd head down to whole numbers and whole scales', () => {
    const odd = { headCountKv: [1], headDim: 81 }
    expect(exl2CacheTensors(odd, exl2Settings(tokens(10), { cacheMode: 'Q4' }), 0)).toEqual([400, 400, 40, 40])
  })

  it('works on the widest block', () => {
    const settings = exl2Settings(tokens(10), { cacheMode: 'Q8' })
    expect(exl2CacheWorkTensors({ headCountKv: [1, 4], headDim: 64 }, settings)).toEqual([5120, 5120])
  })
})

describe('the cache of ExLlamaV3', () => {
  it.each([
    ['halves', undefined, [8_388_608, 8_388_608], 0],
    ['8 bits', { keys: 8, values: 8 }, [4_194_304, 4_194_304, 262_144, 262_144], 2 * 8_388_608],
    ['5 and 3 bits', { keys: 5, values: 3 }, [2_621_440, 1_572_864, 262_144, 262_144], 2 * 8_388_608],
  ])('in %s', (_, cacheBits, tensors, work) => {
    const settings = exl3Settings(tokens(4096), cacheBits && { cacheBits })
    expect(exl3CacheTensors(shape, settings, 0)).toEqual(tensors)
    expect(exl3CacheWorkBytes(shape, settings, 0)).toBe(work)
  })

  it('comes in pages of 256 tokens', () => {
    expect(exl3Settings(tokens(4097)).cacheTokens).toBe(4352)
  })

  it('has nothing for a block without keys', () => {
    expect(exl3CacheTensors({ headCountKv: [0], headDim: 128 }, exl3Settings(tokens(4096)), 0)).toEqual([])
  })
})
