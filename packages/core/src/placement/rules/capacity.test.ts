import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import { requestDefaults, type RunRequest } from '../../memory/settings.ts'
import { bytes, GIB, mebibytes, tokens } from '../../units.ts'
import { llama8b, llamaModel, machineOf } from '../fixtures.ts'
import { judge } from '../plan.ts'
import type { LayerSplit, PlaceMemory, Reason } from '../verdict.ts'

const engine = engines['llama.cpp']

/** All of a model on one card of so many bytes, nothing else on it, no margin. */
function judged(
  total: number,
  {
    type = 'q8_0',
    capability = '8.6',
    ...change
  }: Partial<RunRequest> & { type?: 'q8_0' | 'f16'; capability?: string },
): { readonly memory: PlaceMemory; readonly reasons: readonly Reason[] } {
  const model = llamaModel({ ...llama8b, type })
  const machine = machineOf([{ gib: total / GIB, changes: { architecture: capability } }], 256)
  const devices = [{ device: machine.devices[0]!.id, layers: 33 }]
  const split: LayerSplit = { devices, hostBlocks: 0, expertsOnHost: 0, overrides: [] }
  const request = { ...requestDefaults, contextLength: tokens(32_768), margin: bytes(0), ...change }
  const { placement, reasons } = judge({ model, machine, engine, request, split })
  return { memory: placement!.memory[0]!, reasons }
}

describe('a device that is short', () => {
  it.each([
    // Half of KQ again, as F16: 32,768 cells × 512 tokens × 32 heads × 2 bytes are 1 GiB.
    ['no flash attention', { flashAttention: 'off' }, 'attention scores', 1024],
    ['F16 weights', { type: 'f16', flashAttention: 'on' }, 'floating-point copies', 17],
    // Volta has no integer kernel for large batches: the widest weight as F16 and its operands.
    ['quantized weights on Volta', { capability: '7.0', flashAttention: 'on' }, 'dequantized weights', 112],
    ['quantized weights', { flashAttention: 'on' }, 'quantized activations', 8],
  ] as const)('%s: would load and die at the first prompt, which is named', (_, change, cause, leastMib) => {
    const { memory } = judged(64 * GIB, change)
    const [reason, ...more] = judged(memory.required - 1, change).reasons
    const loaded = memory.required - memory.atFirstPrompt
    expect(more).toEqual([])
    expect(reason).toMatchObject({ code: 'insufficient-memory-at-first-prompt', loaded, cause })
    const { causeBytes } = reason as Extract<Reason, { readonly code: 'insufficient-memory-at-first-prompt' }>
    expect(causeBytes).toBeGreaterThanOrEqual(mebibytes(leastMib))
    expect(causeBytes).toBeLessThan(memory.atFirstPrompt)
    expect(judged(loaded, change).reasons).toMatchObject([{ code: 'insufficient-memory-at-first-prompt', loaded }])
    expect(judged(loaded - 1, change).reasons).toMatchObject([{ code: 'insufficient-memory' }])
    expect(judged(memory.required, change).reasons).toEqual([])
  })
})
