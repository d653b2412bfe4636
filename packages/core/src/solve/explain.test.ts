import { describe, expect, it } from 'vitest'
import { deviceId } from '../ids.ts'
import { requestDefaults } from '../memory/settings.ts'
import { machineOf } from '../placement/fixtures.ts'
import type { LayerSplit, Placement, Reason } from '../placement/verdict.ts'
import { bytes, gibibytes, tokens } from '../units.ts'
import { explainSolution } from './explain.ts'
import type { Bound, Solution, SolvedValue } from './solution.ts'

const machine = machineOf([{ gib: 24 }])
const short: Reason = {
  code: 'insufficient-memory',
  place: { kind: 'device', device: deviceId('gpu-0') },
  requested: gibibytes(25),
  used: bytes(0),
  margin: bytes(0),
  capacity: gibibytes(24),
}
const lack = 'GPU 0 (card of 24 GiB) needs 25.00 GiB; 24.00 GiB are left of 24.00 GiB; short by 1.00 GiB.'

const context = (perSlot: number, slots = 1): SolvedValue => ({
  unknown: 'context',
  contextPerSlot: tokens(perSlot),
  contextLength: tokens(perSlot * slots),
})

function found(value: SolvedValue, bound: Bound, split: Partial<LayerSplit> = {}): Solution {
  const placement = {
    split: { devices: [], hostBlocks: 0, expertsOnHost: 0, overrides: [], ...split },
    settings: { ...requestDefaults, outputsMax: 1, pipelineAllowed: true },
  } as unknown as Placement
  return { solved: true, value, request: requestDefaults, placement, bound }
}

const next = (value: SolvedValue): Bound => ({ code: 'next-does-not-fit', value, reasons: [short] })

describe('explainSolution', () => {
  it.each<[Solution, string]>([
    [
      found(context(24_320), next(context(24_576))),
      `The best that fits is a context of 24,320 tokens. With a context of 24,576 tokens: ${lack}`,
    ],
    [
      found(context(131_072, 4), { code: 'trained-context' }, { hostBlocks: 3 }),
      'The best that fits is a context of 131,072 tokens a slot (524,288 in all), with the help of host memory. The model was trained for no more.',
    ],
    [
      found({ unknown: 'slots', parallel: 256, contextLength: tokens(8192) }, { code: 'engine-limit' }),
      'The best that fits is 256 slots (8,192 tokens in all). The engine serves no more.',
    ],
    [
      found(
        { unknown: 'slots', parallel: 1, contextLength: tokens(8192) },
        next({ unknown: 'slots', parallel: 2, contextLength: tokens(16_384) }),
      ),
      `The best that fits is 1 slot (8,192 tokens in all). With 2 slots (16,384 tokens in all): ${lack}`,
    ],
    [
      found(
        { unknown: 'cache-type', cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' },
        next({ unknown: 'cache-type', cacheTypeK: 'f16', cacheTypeV: 'q8_0' }),
      ),
      `The best that fits is a KV cache in q8_0. With keys in f16 and values in q8_0: ${lack}`,
    ],
    [
      found({ unknown: 'mix', candidate: 'Q8_0' }, { code: 'best-offered' }),
      'The best that fits is Q8_0. There is no better one to choose.',
    ],
    [
      found(context(24_320), { code: 'next-does-not-fit', value: context(24_576), reasons: [] }),
      'The best that fits is a context of 24,320 tokens. With a context of 24,576 tokens: a part of it would lie in host memory.',
    ],
    [{ solved: false, value: context(256), reasons: [short] }, `Not even a context of 256 tokens fits. ${lack}`],
    [{ solved: false, value: context(256), reasons: [] }, 'Not even a context of 256 tokens fits.'],
  ])('%#', (solution, sentence) => expect(explainSolution(solution, machine)).toBe(sentence))
})
