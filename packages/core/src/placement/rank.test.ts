import { describe, expect, it } from 'vitest'
import { deviceId, machineId } from '../ids.ts'
import { HOST } from '../memory/run-memory.ts'
import { requestDefaults } from '../memory/settings.ts'
import { bytes, gibibytes, mebibytes, type Bytes } from '../units.ts'
import { PIPELINE_OFF } from '../memory/overrides.ts'
import { byVerdict, leastHeadroom, needsHost } from './rank.ts'
import type { LayerSplit, Placement, PlaceMemory, Verdict } from './verdict.ts'

const place = (name: string, headroom: Bytes, required = bytes(1)): PlaceMemory => ({
  place: name === 'host' ? { kind: 'host' } : { kind: 'device', device: deviceId(name) },
  ...{
    model: bytes(0),
    context: bytes(0),
    compute: bytes(0),
    overhead: bytes(0),
    atFirstPrompt: bytes(0),
    required,
  },
  ...{ capacity: gibibytes(24), used: bytes(0), margin: bytes(0), headroom },
  certainty: { model: 'exact', context: 'exact', compute: 'exact', overhead: 'upper-bound' },
})

const placement = (memory: readonly PlaceMemory[], split: Partial<LayerSplit> = {}): Placement => ({
  machine: machineId('m'),
  model: 'a model',
  engine: 'llama.cpp',
  engineVersion: '0.5.0-dev',
  settings: { ...requestDefaults, outputsMax: 1, pipelineAllowed: true },
  split: { devices: [], hostBlocks: 0, expertsOnHost: 0, overrides: [], ...split },
  memory,
  pipelineParallel: false,
  flashAttention: true,
})

const fits = (headroom: Bytes, split: Partial<LayerSplit> = {}): Verdict => ({
  fits: true,
  best: placement([place('a', headroom)], split),
  others: [],
})
const lacks = (...memory: readonly PlaceMemory[]): Verdict => ({
  fits: false,
  reasons: [],
  nearest: placement(memory),
  remedies: [],
})
const refused: Verdict = { fits: false, reasons: [], remedies: [] }

describe('leastHeadroom', () => {
  it.each([
    [[place('a', gibibytes(5)), place('b', gibibytes(2)), place('host', bytes(1))], gibibytes(2)],
    [[place('host', gibibytes(3))], gibibytes(3)],
    // A full GPU that the plan leaves alone.
    [[place('a', gibibytes(-1), bytes(0)), place('b', gibibytes(2)), place('host', bytes(1))], gibibytes(2)],
    [[place('a', gibibytes(1), bytes(0)), place('host', gibibytes(3))], gibibytes(3)],
  ])('of %#', (memory, expected) => expect(leastHeadroom(placement(memory))).toBe(expected))
})

describe('needsHost', () => {
  it.each<[Partial<LayerSplit>, boolean]>([
    [{}, false],
    [{ hostBlocks: 1 }, true],
    [{ expertsOnHost: 2 }, true],
    [{ overrides: [{ pattern: 'ffn', place: HOST }] }, true],
    // To another device.
    [{ overrides: [{ pattern: 'ffn', place: 1 }] }, false],
    // It moves nothing: its presence alone turns pipeline parallelism off.
    [{ overrides: [PIPELINE_OFF] }, false],
  ])('%o: %s', (split, expected) => expect(needsHost(placement([], split))).toBe(expected))
})

it('orders verdicts from what fits on GPUs to what is refused', () => {
  const inOrder: readonly Verdict[] = [
    fits(gibibytes(9)),
    fits(gibibytes(1)),
    // More to spare, but slow.
    fits(gibibytes(20), { hostBlocks: 10 }),
    lacks(place('a', bytes(-mebibytes(500)))),
    lacks(place('a', gibibytes(20)), place('host', bytes(-gibibytes(9)))),
    refused,
  ]
  expect(inOrder.toReversed().toSorted(byVerdict)).toEqual(inOrder)
  expect([refused, refused].toSorted(byVerdict)).toEqual([refused, refused])
})
