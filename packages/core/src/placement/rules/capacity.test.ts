import { describe, expect, it } from 'vitest'
import { engines } from '../../engines/index.ts'
import type { Backend, Machine, OperatingSystem } from '../../machine/machine.ts'
import { requestDefaults, type RunRequest } from '../../memory/settings.ts'
import { bytes, GIB, mebibytes, tokens } from '../../units.ts'
import { llama8b, llamaModel, machineOf } from '../fixtures.ts'
import { judge } from '../plan.ts'
import type { LayerSplit, PlaceMemory, Reason } from '../verdict.ts'

const engine = engines['llama.cpp']
const WHOLE = { hostBlocks: 0, expertsOnHost: 0, overrides: [] } as const

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

describe('a card that the driver lends system memory', () => {
  const model = llamaModel(llama8b)
  const reasonsOn = (machine: Machine, margin = 0): readonly Reason[] => {
    const split: LayerSplit = { devices: machine.devices.map(({ id }) => ({ device: id, layers: 33 })), ...WHOLE }
    const request = { ...requestDefaults, contextLength: tokens(4096), margin: mebibytes(margin) }
    return judge({ model, machine, engine, request, split }).reasons
  }
  const on = (gib: number, os?: OperatingSystem, backend?: Backend): Machine => ({
    ...machineOf([{ gib, ...(backend && { backend }) }], 64),
    ...(os && { os }),
  })

  it.each([
    [on(4, 'windows'), 0, true],
    [on(4, 'linux'), 0, undefined],
    [on(4), 0, undefined],
    // The policy is one of CUDA's driver.
    [on(4, 'windows', 'vulkan'), 0, undefined],
    // It is the margin alone that is missing.
    [on(8, 'windows'), 8192, undefined],
  ] as const)('%#', (machine, margin, spills) => {
    const reasons = reasonsOn(machine, margin)
    const card = reasons.find((reason) => 'place' in reason && reason.place.kind === 'device')
    expect(card).toBeDefined()
    expect(card && 'spills' in card ? card.spills : undefined).toBe(spills)
  })

  it('does not lend the host any', () => {
    const machine = { ...on(24, 'windows'), hostMemoryTotal: mebibytes(256) }
    expect(reasonsOn(machine)).toMatchObject([{ code: 'insufficient-memory', place: { kind: 'host' } }])
    expect(reasonsOn(machine)[0]).not.toHaveProperty('spills')
  })
})
