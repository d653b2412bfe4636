import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { requestDefaults } from '../memory/settings.ts'
import { bytes, GIB, tokens } from '../units.ts'
import { llama8b, llamaModel, machineOf, mixture } from './fixtures.ts'
import { judge, plan } from './plan.ts'
import type { LayerSplit, Placement } from './verdict.ts'

const engine = engines['llama.cpp']
const model = llamaModel(mixture)
const request = { ...requestDefaults, contextLength: tokens(4096), margin: bytes(0) }

function best(total: number): Placement {
  const verdict = plan({ model, machine: machineOf([{ gib: total / GIB }], 256), engine, request })
  if (!verdict.fits) throw new Error('does not fit')
  return verdict.best
}

describe('experts of the last block on the host', () => {
  const whole = best(24 * GIB)

  it('are kept there in part where that is enough', () => {
    expect(whole.split.expertsOnHost).toBeGreaterThan(0)
    const seen = new Set<string>()
    for (let step = 0; step < 8; step++) {
      const total = 24 * GIB + step * 64 * 2 ** 20
      const { split, memory } = best(total)
      seen.add(split.overrides.map(({ pattern }) => pattern.replace(/^.*?\(/, '(')).join())
      expect(memory[0]!.headroom).toBeGreaterThanOrEqual(0)
      // No block's experts more than that fit on the device as well.
      const fewer: LayerSplit = { ...split, overrides: [] }
      const { reasons } = judge({
        model,
        machine: machineOf([{ gib: total / GIB }], 256),
        engine,
        request,
        split: fewer,
      })
      expect(reasons.length).toBe(split.overrides.length > 0 ? 1 : 0)
    }
    expect([...seen].toSorted()).toEqual(['', '(ffn_gate_exps)', '(ffn_gate_exps|ffn_up_exps)'])
    expect(whole.memory[0]!.required).toBeGreaterThan(23 * GIB)
  })
})

describe('the KV cache', () => {
  it.each(['headroom', 'fastest'] as const)(
    'goes to the host by %s where no block may, and the launch says so',
    (preference) => {
      // 64k tokens of cache do not fit beside the weights of 8B.
      const whole = { ...engine, controls: { ...engine.controls, blocksOnHost: false } }
      const input = {
        model: llamaModel(llama8b),
        machine: machineOf([{ gib: 11 }], 64),
        engine: whole,
        request: { ...request, contextLength: tokens(65_536) },
        preference,
      }
      const verdict = plan(input)
      if (!verdict.fits) throw new Error('does not fit')
      const moved = verdict.best
      expect(moved.memory[0]!.context).toBe(0)
      expect(moved.memory.at(-1)!.context).toBe(8 * GIB)
      const launch = engine.launch({
        placement: moved,
        machine: input.machine,
        source: { kind: 'path', path: 'm.gguf' },
      })
      expect(launch.arguments).toContain('--no-kv-offload')
    },
  )
})
