import { describe, expect, it } from 'vitest'
import { requestDefaults, type RunRequest } from '../memory/settings.ts'
import { llama8b, llamaModel, machineOf } from '../placement/fixtures.ts'
import type { Reason } from '../placement/verdict.ts'
import { tokens } from '../units.ts'
import { type GgufLimits, ggufRefusals, llamaCppLimits } from './llama-cpp-refusals.ts'

/** An engine that takes less than llama-server. */
const narrow: GgufLimits = {
  ...llamaCppLimits,
  architectures: new Set(['llama']),
  sequenceLimit: 1,
  contextLength: { minimum: 256, maximum: 262_144 },
  refusedSplitModes: { row: 'not-offered-by-engine', tensor: 'not-offered-by-engine' },
  cacheTypes: ['f16', 'q8_0'],
}
const model = llamaModel(llama8b)
const refused = (changes: Partial<RunRequest>, architecture = 'llama'): readonly Reason[] =>
  ggufRefusals(narrow)({ ...model, architecture }, machineOf([{ gib: 24 }]), { ...requestDefaults, ...changes })

const setting = (name: string, value: string, because: string) => ({
  ...{ code: 'setting-not-supported', setting: name, value, because },
})

describe('ggufRefusals', () => {
  it.each([
    [{}, []],
    [{ contextLength: tokens(0) }, []],
    [{ contextLength: tokens(256) }, []],
    [
      { contextLength: tokens(255) },
      [{ code: 'value-out-of-range', setting: 'contextLength', value: 255, minimum: 256, maximum: 262_144 }],
    ],
    [{ contextLength: tokens(262_144) }, []],
    [{ contextLength: tokens(262_145) }, [{ code: 'context-beyond-limit', requested: 262_145, limit: 262_144 }]],
    [{ parallel: 2 }, [{ code: 'value-out-of-range', setting: 'parallel', value: 2, minimum: 1, maximum: 1 }]],
    [{ splitMode: 'row' }, [setting('splitMode', 'row', 'not-offered-by-engine')]],
    [{ splitMode: 'tensor', flashAttention: 'off' }, [setting('splitMode', 'tensor', 'not-offered-by-engine')]],
    [
      { cacheTypeK: 'q4_0', cacheTypeV: 'bf16' },
      [setting('cacheTypeK', 'q4_0', 'not-offered-by-engine'), setting('cacheTypeV', 'bf16', 'not-offered-by-engine')],
    ],
  ] satisfies readonly (readonly [Partial<RunRequest>, readonly unknown[]])[])('of %j are %j', (changes, expected) => {
    expect(refused(changes)).toEqual(expected)
  })

  it('names the engine that does not know an architecture', () => {
    expect(refused({}, 'qwen3')).toEqual([
      { code: 'architecture-not-supported', architecture: 'qwen3', engine: 'llama.cpp' },
    ])
  })
})
