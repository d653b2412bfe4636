import { describe, expect, it } from 'vitest'
import { llamaCpp } from '../engines/llama-cpp.ts'
import type { FigurePart } from '../memory/explain.ts'
import { requestDefaults } from '../memory/settings.ts'
import { tokens } from '../units.ts'
import { explainFigure, type FigureInput } from './explain-figure.ts'
import { llamaModel, machineOf } from './fixtures.ts'
import { plan } from './plan.ts'

const model = llamaModel({ blocks: 32, embedding: 4096, feedForward: 14336, heads: 32, headsKv: 8, vocabulary: 128256 })
const machine = machineOf([{ gib: 16 }, { gib: 16 }], 64)
const request = { ...requestDefaults, contextLength: tokens(8192), flashAttention: 'on' as const }
const verdict = plan({ model, machine, engine: llamaCpp, request })

function explained(part: FigurePart, place: number): string {
  if (!verdict.fits) throw new Error('it fits')
  const memory = verdict.best.memory[place]!
  const input: FigureInput = { placement: verdict.best, memory, model, machine }
  return explainFigure(part, input).formula
}

describe('explainFigure', () => {
  it('puts the numbers of the context into its formula', () => {
    if (!verdict.fits) throw new Error('it fits')
    const [first] = verdict.best.split.devices
    const blocks = first!.layers
    expect(explained('context', 0)).toBe(`${blocks} blocks × 8,192 cells × (K 1,024 in f16 + V 1,024 in f16)`)
    expect(verdict.best.memory[0]!.context).toBe(blocks * 8192 * (1024 * 2 + 1024 * 2))
  })

  it('says that nothing is kept where nothing is', () => {
    expect(explained('context', 2)).toBe('no block keeps its context here')
  })

  it('tells blocks from the tensors beside them', () => {
    expect(explained('model', 1)).toMatch(
      /^blocks \d+ to 31: [\d.]+ GiB\nother tensors: [\d.]+ MiB\neach tensor padded to 128 bytes$/,
    )
    expect(explained('model', 2)).toMatch(/^other tensors: 28\d MiB\neach tensor padded to 32 bytes$/)
  })

  it('says what a replay replays', () => {
    expect(explained('compute', 0)).toContain('a prompt of 512 tokens with 1 row of logits')
    expect(explained('compute', 0)).toContain('every input 4 times')
  })

  it('tells what is taken at load from what the first prompt adds', () => {
    expect(explained('overhead', 0)).toMatch(
      /^at load [\d,.]+ MiB: driver context .*\nmore at the first prompt [\d,.]+ MiB: /,
    )
  })
})
