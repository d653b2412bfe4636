import { describe, expect, it } from 'vitest'
import { gibibytes } from '../../units.ts'
import type { OllamaGpu } from './estimate-gpu-layers.ts'
import { cards, estimateDefaults, llama33 } from './fixtures.ts'
import { ollamaFacts } from './gguf-facts.ts'
import { type EarlierRequest, scheduleEarlier } from './schedule-earlier.ts'

const facts = ollamaFacts(llama33)
const { contextLength: _, parallel: __, ...rest } = estimateDefaults
const asked = (gpus: readonly OllamaGpu[], changes: Partial<EarlierRequest> = {}) => {
  const { attempts, chosen } = scheduleEarlier(facts, gpus, { ...rest, numCtx: 2048, ...changes })
  return {
    attempts: attempts.map(
      ({ gpus: tried, parallel, fits }) => `${tried.join('+')} x${parallel} ${fits ? 'fits' : 'no'}`,
    ),
    chosen: [chosen.gpus, chosen.parallel, chosen.estimate.layers],
  }
}

describe('what Ollama 0.6 tries', () => {
  it('one GPU with four slots', () => {
    expect(asked(cards(2, 48))).toEqual({ attempts: ['0 x4 fits'], chosen: [[0], 4, 81] })
  })

  it('one GPU with one slot before two with four', () => {
    expect(asked(cards(2, 42)).attempts).toEqual(['0 x4 no', '1 x4 no', '0 x1 fits'])
  })

  it('the roomiest GPU first, and the first of equal ones', () => {
    const gpus = [16, 48, 24, 48].map((gib): OllamaGpu => ({ free: gibibytes(gib), backend: 'cuda' }))
    expect(asked(gpus, { numCtx: 32_768, parallel: 1 }).attempts).toEqual([
      ...['1 x1 no', '3 x1 no', '2 x1 no', '0 x1 no', '1+3+2+0 x1 fits'],
    ])
  })

  it('all GPUs at once when told to spread', () => {
    expect(asked(cards(2, 80), { spread: true })).toEqual({ attempts: ['0+1 x4 fits'], chosen: [[0, 1], 4, 81] })
  })

  it('in the end all as they were found, with one slot, for a part of the layers', () => {
    const gpus = [8, 12].map((gib): OllamaGpu => ({ free: gibibytes(gib), backend: 'cuda' }))
    expect(asked(gpus)).toEqual({
      attempts: ['1 x4 no', '0 x4 no', '1 x1 no', '0 x1 no', '1+0 x4 no', '1+0 x1 no', '0+1 x1 no'],
      chosen: [[0, 1], 1, 32],
    })
  })

  it('until as many layers as num_gpu asks for have room', () => {
    expect(asked(cards(2, 12), { numGpu: 12, parallel: 1 })).toEqual({ attempts: ['0 x1 fits'], chosen: [[0], 1, 12] })
  })
})
