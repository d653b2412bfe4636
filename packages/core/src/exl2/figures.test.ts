import { describe, expect, it } from 'vitest'
import { sumBytes } from '../units.ts'
import { exl2Figures } from './figures.ts'
import { LLAMA_3_8B, modelOf, TINY } from './fixtures.ts'
import { SMAUG_34B } from './plan/fixtures.ts'
import { exl2Summary } from './summary.ts'

describe('a model’s figures', () => {
  it('are the caches of every mode at the trained context', () => {
    const { caches } = exl2Figures(modelOf(SMAUG_34B))
    expect(caches.map(({ mode, bytesPerToken, trained }) => [mode, bytesPerToken, trained])).toEqual([
      ['FP16', 245_760, 245_760 * 200_000],
      ['FP8', 122_880, 122_880 * 200_000],
      ['Q8', 130_560, 130_560 * 200_000],
      ['Q6', 99_840, 99_840 * 200_000],
      ['Q4', 69_120, 69_120 * 200_000],
    ])
    expect(caches.map(({ work }) => work)).toEqual([0, ...Array.from({ length: 4 }, () => 200_000 * 8 * 128 * 4)])
  })

  it('of EXL3 know no FP8, and nothing to work on', () => {
    const { caches } = exl2Figures(modelOf(LLAMA_3_8B, 'exl3'))
    expect(caches.map(({ mode, bytesPerToken, work }) => [mode, bytesPerToken, work])).toEqual([
      ['FP16', 131_072, 0],
      ['Q8', 69_632, 0],
      ['Q6', 53_248, 0],
      ['Q4', 36_864, 0],
    ])
  })

  it.each(['exl2', 'exl3'] as const)('of %s are whole: parts and blocks add up', (format) => {
    const model = modelOf(TINY, format)
    const { parts, blocks } = exl2Figures(model)
    expect(sumBytes(parts.map(({ stored }) => stored))).toBe(exl2Summary(model).weightBytes)
    const inBlocks = parts.filter(({ name }) => name === 'attention' || name === 'feed-forward')
    expect(sumBytes(inBlocks.map(({ loaded }) => loaded))).toBe(sumBytes(blocks))
    expect(parts.map(({ name }) => name)).toEqual(['embedding', 'attention', 'feed-forward', 'norm', 'head'])
  })
})

it('a summary counts a shared table once', () => {
  const own = modelOf(TINY)
  const shared = { ...own, head: own.embedding, tensorBytes: own.tensorBytes - own.head.bytes } as typeof own
  const [whole, tied] = [exl2Summary(own), exl2Summary(shared)]
  expect(whole.parameterCount - tied.parameterCount).toBe(TINY.vocab * TINY.hidden)
  expect(whole.type).toMatch(/^EXL2 \d\.\d\d bpw$/)
  expect(whole.weightBytes).toBe(own.tensorBytes)
})
