import { describe, expect, it } from 'vitest'
import { type Bytes, bytes, gibibytes, GIB, MIB, tokens } from '../../units.ts'
import { exl2RunBytes } from '../device-memory.ts'
import { LLAMA_3_8B, LLAMA_3_70B, modelOf, TINY } from '../fixtures.ts'
import { tensor, folderOf } from '../made-folder.ts'
import { describeExl2 } from '../describe.ts'
import { exl3Modules } from './modules.ts'
import { exl3Settings } from './settings.ts'
import { type Exl3Device, exl3Reserve, exl3Split } from './split.ts'

const reserving = (available: Bytes, reserve = exl3Reserve): Exl3Device => ({
  available,
  limit: { kind: 'reserve', bytes: reserve },
})
const using = (available: Bytes, use: Bytes): Exl3Device => ({ available, limit: { kind: 'use', bytes: use } })

const seventy = modelOf(LLAMA_3_70B, 'exl3')
const settings = exl3Settings(tokens(16_384))

const placesOf = (devices: readonly Exl3Device[], model = seventy): readonly number[] => {
  const result = exl3Split(model, settings, devices)
  if (!result.ok) throw new Error(JSON.stringify(result.issue))
  return result.value.places
}
const count = (places: readonly number[], place: number): number => places.filter((each) => each === place).length

describe('the layer split of ExLlamaV3', () => {
  it('loads block by block, the embedding on the host', () => {
    const places = placesOf([reserving(gibibytes(23.5)), reserving(gibibytes(23.5))])
    expect(places).toHaveLength(83)
    expect(places[0]).toBe(-1)
    expect(places.slice(1)).toEqual(places.slice(1).toSorted((a, b) => a - b))
    // 23,552 MiB less 160 and a pass of 1,360, at 472 MiB a block with its cache.
    expect(count(places, 0)).toBe(46)
  })

  it('uses at most what it is told to', () => {
    const places = placesOf([using(gibibytes(48), gibibytes(10)), using(gibibytes(48), gibibytes(100))])
    expect(count(places, 0)).toBe(count(placesOf([reserving(gibibytes(10.5)), reserving(gibibytes(48))]), 0))
  })

  it.each([
    [
      'a negative reserve',
      [reserving(gibibytes(48)), reserving(gibibytes(48), bytes(-1)), reserving(gibibytes(48))],
      [0],
    ],
    ['nothing to use', [using(gibibytes(48), bytes(0)), using(gibibytes(48), gibibytes(48))], [1]],
  ])('leaves out a device with %s', (_, devices, used) => {
    expect([...new Set(placesOf(devices))].slice(1)).toEqual(used)
  })

  it('fails on the last device, with the module and the numbers', () => {
    const result = exl3Split(seventy, settings, [reserving(gibibytes(23.5))])
    expect(result).toMatchObject({ ok: false, issue: { module: 47, device: 0, capacity: 23 * GIB } })
    expect(exl3Split(seventy, settings, [])).toMatchObject({ ok: false, issue: { module: 1, device: -1, capacity: 0 } })
  })

  it('keeps within its cap on every device', () => {
    const devices = [reserving(gibibytes(12)), reserving(gibibytes(12)), reserving(gibibytes(40))]
    const result = exl3Split(seventy, settings, devices)
    expect(result.ok).toBe(true)
    if (!result.ok) return
    for (const [position, memory] of result.value.devices.entries()) {
      expect(exl2RunBytes(memory)).toBeLessThanOrEqual(devices[position]!.available - exl3Reserve)
    }
  })

  it('says of every figure how sure it is', () => {
    const result = exl3Split(modelOf(LLAMA_3_8B, 'exl3'), settings, [
      reserving(gibibytes(23.5)),
      reserving(gibibytes(23.5)),
    ])
    if (!result.ok) throw new Error('it fits')
    const [first, second] = result.value.devices
    expect(Object.values(first!).map(({ certainty }) => certainty)).toEqual([
      'upper-bound',
      'exact',
      'exact',
      'assumed',
      'assumed',
      'exact',
    ])
    expect(first!.cache.bytes).toBe(32 * 2 * 16_384 * 1024 * 2)
    expect(exl2RunBytes(second!)).toBe(0)
    expect(second!.reserve.bytes).toBe(GIB / 2)
  })
})

describe('a matrix of EXL3', () => {
  it('keeps its trellis, and a half an input and an output', () => {
    const [, block] = exl3Modules(modelOf(TINY, 'exl3'))
    expect(block!.resident.slice(0, 3)).toEqual([(256 * 256) / 2, 512, 512].map((size) => ({ bytes: size, count: 1 })))
    expect(block!.resident).toHaveLength(7 * 3 + 2)
  })

  it('unpacks signs that are stored as bits', () => {
    const folder = folderOf(TINY, 'exl3')
    const packed = folder.tensors.map((each) => {
      if (!/\.s[uv]h$/.test(each.name)) return each
      return tensor(each.name.slice(0, -1), 'I16', each.shape[0]! / 16)
    })
    const described = describeExl2({ ...folder, tensors: packed })
    if (!described.ok) throw new Error(described.issue.code)
    expect(exl3Modules(described.value)).toEqual(exl3Modules(modelOf(TINY, 'exl3')))
  })

  it('that is not quantized is padded on both sides', () => {
    const [, block] = exl3Modules(modelOf({ ...TINY, experts: 3 }, 'exl3'))
    expect(block!.resident).toContainEqual({ bytes: 128 * 256 * 2, count: 1 })
    expect(exl3Modules(modelOf({ ...TINY, vocab: 336 }, 'exl3'))[0]!.resident).toEqual([
      { bytes: 336 * 256 * 2, count: 1 },
    ])
  })
})

it('a quantized cache costs a pass one block’s keys and values in halves', () => {
  const model = modelOf(LLAMA_3_8B, 'exl3')
  const run = (cacheBits?: { keys: number; values: number }) => {
    const result = exl3Split(model, exl3Settings(tokens(16_384), cacheBits && { cacheBits }), [
      reserving(gibibytes(23.5)),
    ])
    if (!result.ok) throw new Error('it fits')
    return result.value.devices[0]!
  }
  const [plain, quantized] = [run(), run({ keys: 4, values: 4 })]
  expect(quantized.cache.bytes).toBe(32 * 16_384 * 32 * (16 + 16 + 4))
  expect(quantized.activations.bytes).toBeGreaterThanOrEqual(plain.activations.bytes)
  expect(quantized.activations.bytes - plain.activations.bytes).toBeLessThanOrEqual(64 * MIB)
})
