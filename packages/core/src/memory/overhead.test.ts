import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { llama8b, llamaModel, machineOf, type CardShape, type ModelShape } from '../placement/fixtures.ts'
import { MIB, tokens } from '../units.ts'
import { overhead, type OverheadInput } from './overhead.ts'
import { poolTerms } from './pool.ts'
import { type RunRequest, requestDefaults } from './settings.ts'

const model = llamaModel(llama8b)

function input(
  card: Partial<CardShape>,
  request: Partial<RunRequest> = {},
  shape?: Partial<ModelShape>,
): OverheadInput {
  const about = shape ? llamaModel({ ...llama8b, ...shape }) : model
  const asked = { ...requestDefaults, contextLength: tokens(8192), ...request }
  return {
    device: machineOf([{ gib: 24, ...card }]).devices[0]!,
    model: about,
    settings: engines['llama.cpp'].settings(asked, about),
    flashAttention: asked.flashAttention !== 'off',
    holdsOutput: true,
  }
}

const termOf = (one: OverheadInput, name: string): number =>
  (overhead(one).terms.find((term) => term.name === name)?.bytes ?? 0) / MIB

describe('overhead', () => {
  it.each([
    ['Tesla P100', '6.0', 295],
    ['A40', '8.6', 298],
    ['H100', '9.0', 594],
    ['RTX PRO 6000 Blackwell', '12.0', 710],
  ])('covers at load what a %s (%s) held beside the logged buffers: %d MiB', (_, architecture, mebibytes) => {
    const bound = overhead(input({ architecture }))
    expect(bound.atLoad / MIB).toBeGreaterThanOrEqual(mebibytes)
    expect(bound.atLoad / MIB).toBeLessThan(mebibytes * 1.35)
    expect(bound.certainty).toBe('upper-bound')
  })

  it('covers an Instinct card, whose driver takes more', () => {
    expect(overhead(input({ backend: 'rocm', architecture: 'gfx950' })).atLoad / MIB).toBeGreaterThanOrEqual(1468)
  })

  it('assumes what no reading proves', () => {
    const { architecture: _, ...unknown } = input({}).device
    expect(overhead({ ...input({}), device: unknown }).certainty).toBe('assumed')
    expect(overhead(input({ backend: 'vulkan', architecture: 'x' })).certainty).toBe('assumed')
  })

  it('is the sum of its terms, each with a source', () => {
    const { terms, atLoad, atFirstPrompt } = overhead(input({}))
    expect(terms.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(atLoad + atFirstPrompt)
    for (const { name, source } of terms) expect(source, name).not.toBe('')
  })

  it('gives cuBLAS 4 MiB of workspace, 32 MiB from Hopper on', () => {
    expect(termOf(input({ architecture: '8.9' }), 'cuBLAS workspace')).toBe(4)
    expect(termOf(input({ architecture: '9.0' }), 'cuBLAS workspace')).toBe(32)
  })

  it('counts quantized activations of the widest matrix: 512 tokens of 14,336 in q8_1, and the fix-up', () => {
    const expected = 512 * 14336 * (36 / 32) + 128 * 144 + 192 * 128 * 128 * 4
    const size = overhead(input({}, {}, { headsKv: 8 })).terms.find(({ name }) => name === 'quantized activations')
    expect(size?.bytes).toBe(Math.ceil(expected / (2 * MIB)) * 2 * MIB + 2 * MIB)
  })

  it('counts a whole weight in half precision on Volta, which has no integer kernel for large batches', () => {
    const expected = (2 * 4096 * 14336 + 512 * (4096 + 14336) * 2) / MIB
    expect(termOf(input({ architecture: '7.0' }), 'dequantized weights')).toBeGreaterThanOrEqual(expected)
    expect(termOf(input({ architecture: '7.5' }), 'dequantized weights')).toBe(0)
  })

  it('counts half the scores again without flash attention', () => {
    const scores = (8192 * 512 * 32 * 2) / MIB
    expect(termOf(input({}, { flashAttention: 'off' }), 'attention scores')).toBeGreaterThanOrEqual(scores)
    expect(termOf(input({}, { flashAttention: 'on' }), 'attention scores')).toBe(0)
  })

  it('counts the half-precision copies of an F16 output layer only where it lies', () => {
    const asked = input({}, { parallel: 256 }, { type: 'f16', feedForward: 1024 })
    const copies = (holdsOutput: boolean): number =>
      poolTerms({ ...asked, capability: 8.6, holdsOutput }).find(({ name }) => name === 'floating-point copies')!.bytes
    expect(copies(true)).toBe(256 * (4096 + 128256) * 2)
    expect(copies(false)).toBe(512 * (4096 + 4096) * 2)
  })

  it('counts every parallel result of the tile kernel for prompts before Volta', () => {
    const asked = { ...input({}), capability: 6.1 }
    const partials = (capability: number): number =>
      poolTerms({ ...asked, capability }).find(({ name }) => name === 'attention partials')!.bytes
    expect(partials(6.1)).toBe(8 * 512 * 32 * (128 + 2) * 4)
    expect(partials(8.6)).toBeLessThan(partials(6.1))
  })
})
