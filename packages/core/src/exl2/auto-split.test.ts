import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Bytes, bytes, gibibytes, GIB, mebibytes, MIB, tokens } from '../units.ts'
import { exl2AutoSplit, exl2AutoSplitReserve } from './auto-split.ts'
import { exl2RunBytes } from './device-memory.ts'
import { LLAMA_3_8B, LLAMA_3_70B, modelOf, TINY } from './fixtures.ts'
import type { Exl2Placement } from './placement.ts'
import { exl2CacheModes, exl2Settings } from './settings.ts'

const devicesOf = (available: readonly Bytes[]) => {
  const reserves = exl2AutoSplitReserve(available.length)
  return available.map((each, position) => ({ available: each, reserve: reserves[position]! }))
}

const placed = (result: ReturnType<typeof exl2AutoSplit>): Exl2Placement => {
  if (!result.ok) throw new Error(JSON.stringify(result.issue))
  return result.value
}

const seventy = modelOf(LLAMA_3_70B)
const small = modelOf(TINY)
const settings = exl2Settings(tokens(16_384), { cacheMode: 'Q4', maxOutputLen: tokens(16) })

describe('the automatic split', () => {
  it('reserves 192 MiB on the first device and 64 MiB on every other, if it is told nothing', () => {
    expect(exl2AutoSplitReserve(3).map((each) => each / MIB)).toEqual([192, 64, 64])
  })

  it('fills the first device before the second', () => {
    const { places, devices, hostBytes } = placed(
      exl2AutoSplit(seventy, settings, devicesOf([gibibytes(23.5), gibibytes(23.5)])),
    )
    expect(places[0]).toBe(-1)
    expect(places.slice(1)).toEqual(places.slice(1).toSorted((a, b) => a - b))
    const onFirst = places.filter((place) => place === 0).length
    // 24,064 MiB less 448 held back, 1,096 of buffers and 172 of a pass, at 429.5 MiB a block with its cache: 52 blocks.
    expect(onFirst).toBe(104)
    expect(hostBytes).toBe(128_256 * 8192 * 2)
    // Every device has the buffer of the widest module of all: the output layer's matrix in halves.
    expect(devices.map(({ scratch }) => scratch.bytes)).toEqual([0, 1].map(() => 1024 * MIB + 2 * 16_384 * 128 * 2))
    expect(devices.map(({ reserve }) => reserve.bytes / MIB)).toEqual([192, 64 + 256])
  })

  it('leaves on a full device the reserve, what it keeps besides, and less than the next module', () => {
    const available = gibibytes(23.5)
    const { devices } = placed(exl2AutoSplit(seventy, settings, devicesOf([available, available])))
    const left = available - exl2RunBytes(devices[0]!)
    expect(left).toBeGreaterThan((192 + 256) * MIB)
    expect(left).toBeLessThan((192 + 256) * MIB + 0.5 * GIB)
  })

  it('fails on the last device, with the module and the numbers', () => {
    const result = exl2AutoSplit(seventy, settings, devicesOf([gibibytes(23.5)]))
    expect(result).toMatchObject({ ok: false, issue: { module: 105, device: 0, capacity: 23.5 * GIB } })
    expect(result.ok || result.issue.requested > 23.5 * GIB).toBe(true)
  })

  it('onto no device fails with the first module', () => {
    expect(exl2AutoSplit(small, settings, [])).toMatchObject({
      ok: false,
      issue: { module: 1, device: 0, capacity: 0 },
    })
  })

  it('runs no more tokens at once than a sequence may have', () => {
    const short = exl2Settings(tokens(512))
    const { devices } = placed(exl2AutoSplit(small, short, devicesOf([gibibytes(4)])))
    const { devices: same } = placed(
      exl2AutoSplit(small, { ...short, maxInputLen: tokens(512) }, devicesOf([gibibytes(4)])),
    )
    expect(devices).toEqual(same)
  })

  it.each([
    ['passes over a device that holds the reserve and no module', 500, { ok: true }],
    [
      'ends at a device that cannot hold the reserve',
      447,
      { ok: false, issue: { module: 1, device: 0, capacity: 447 * MIB } },
    ],
  ])('%s', (_, mib, expected) => {
    const devices = devicesOf([mebibytes(mib), gibibytes(4)])
    const result = exl2AutoSplit(small, exl2Settings(tokens(512)), devices)
    expect(result).toMatchObject(expected)
    if (result.ok) expect([...new Set(result.value.places)]).toEqual([-1, 1])
  })
})

describe('any automatic split', () => {
  const eight = modelOf(LLAMA_3_8B)
  const anySettings = fc
    .record({
      length: fc.integer({ min: 256, max: 65_536 }),
      cacheMode: fc.constantFrom(...exl2CacheModes),
      flashAttention: fc.boolean(),
      chunk: fc.integer({ min: 256, max: 4096 }),
    })
    .map(({ length, chunk, ...more }) =>
      exl2Settings(tokens(length), { ...more, maxInputLen: tokens(chunk), maxOutputLen: tokens(16) }),
    )
  const anyDevices = fc
    .array(fc.integer({ min: 256, max: 24_576 }), { minLength: 1, maxLength: 4 })
    .map((sizes) => devicesOf(sizes.map((each) => mebibytes(each))))

  it('places every module once and takes no more than there is', () => {
    fc.assert(
      fc.property(anySettings, anyDevices, (given, devices) => {
        const result = exl2AutoSplit(eight, given, devices)
        if (!result.ok) return
        const { places, devices: memory } = result.value
        expect(places).toHaveLength(67)
        expect(places.slice(1).every((place) => place >= 0 && place < devices.length)).toBe(true)
        for (const [position, { available }] of devices.entries()) {
          expect(exl2RunBytes(memory[position]!)).toBeLessThanOrEqual(available)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('that fits, fits with a device more and with more memory', () => {
    fc.assert(
      fc.property(anySettings, anyDevices, (given, devices) => {
        if (!exl2AutoSplit(eight, given, devices).ok) return
        const more = { available: gibibytes(1), reserve: mebibytes(64) }
        expect(exl2AutoSplit(eight, given, [...devices, more]).ok).toBe(true)
        const larger = devices.map((device) => ({ ...device, available: bytes(device.available + GIB) }))
        expect(exl2AutoSplit(eight, given, larger).ok).toBe(true)
      }),
      { numRuns: 150 },
    )
  })

  it('has the same weights and cache in all, however it falls out', () => {
    const total = (result: ReturnType<typeof exl2AutoSplit>, part: 'weights' | 'cache') =>
      placed(result).devices.reduce((sum, memory) => sum + memory[part].bytes, 0)
    const whole = exl2Settings(tokens(8192))
    const one = exl2AutoSplit(eight, whole, devicesOf([gibibytes(24)]))
    fc.assert(
      fc.property(anyDevices, (devices) => {
        const result = exl2AutoSplit(eight, whole, devices)
        if (!result.ok) return
        expect(total(result, 'weights')).toBe(total(one, 'weights'))
        expect(total(result, 'cache')).toBe(total(one, 'cache'))
      }),
      { numRuns: 100 },
    )
  })
})
