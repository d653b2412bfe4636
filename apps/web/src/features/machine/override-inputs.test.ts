import { type DeviceFigure, type FigureValue, GIB, type MachineFigure, MIB } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { readFigure, typedFigure, unitNames } from './override-inputs.ts'

type Figure = DeviceFigure | MachineFigure

describe('typedFigure', () => {
  it.each<[Figure, FigureValue | undefined, string, string]>([
    ['memory.reported', 24_564 * MIB, '24564', 'MiB'],
    // an odd size keeps its every byte
    ['memory.reported', 24_564 * MIB + 512, '24564.00048828125', 'MiB'],
    ['memoryBandwidthBytesPerSecond', 936.2e9, '936.2', 'GB/s'],
    ['fp16FlopsPerSecond', 142e12, '142', 'TFLOPS'],
    ['powerLimitWatts', 280, '280', 'W'],
    ['pcie.width', 16, '16', ''],
    ['displayAttached', false, 'no', ''],
    ['architecture', 'gfx1100', 'gfx1100', ''],
    ['hostMemoryTotal', undefined, '', 'MiB'],
  ])('%s of %s is offered as %s %s, and read back', (figure, value, text, unit) => {
    expect(typedFigure(figure, value)).toEqual({ text, unit })
    if (value !== undefined) expect(readFigure(figure, { text, unit })).toEqual({ ok: true, value })
  })
})

describe('readFigure', () => {
  it.each<[Figure, string, string, FigureValue]>([
    ['memory.reported', '24,564', 'MiB', 24_564 * MIB],
    ['memory.reported', ' 23.5 ', 'GiB', 23.5 * GIB],
    ['memory.policyReserved', '0', 'MiB', 0],
    ['displayAttached', 'yes', '', true],
  ])('%s typed as %s %s is %s', (figure, text, unit, value) => {
    expect(readFigure(figure, { text, unit })).toEqual({ ok: true, value })
  })

  it.each<[Figure, string, string, string]>([
    ['memory.reported', '', 'MiB', 'It must be a number.'],
    ['memory.reported', '-1', 'MiB', 'It must be a number.'],
    ['memory.reported', '1e9', 'MiB', 'It must be a number.'],
    ['memory.reported', '1,5', 'MiB', 'It must be a number.'],
    ['memory.reported', '24', 'TiB', 'It must be a number.'],
    ['memory.reported', '99999', 'GiB', 'It must be 4398046511104 (4,096.00 GiB) at most.'],
    ['pcie.width', '3', '', 'It must be one of 1, 2, 4, 8, 12, 16, 32.'],
    ['pcie.generation', '4.5', '', 'It must be a whole number.'],
    ['displayAttached', 'maybe', '', 'It must be true or false.'],
  ])('%s typed as %s %s: %s', (figure, text, unit, message) => {
    expect(readFigure(figure, { text, unit })).toEqual({ ok: false, message })
  })
})

it('sizes may be typed in MiB or GiB, and a count in nothing', () => {
  expect(unitNames('memory.reported')).toEqual(['MiB', 'GiB'])
  expect(unitNames('pcie.width')).toEqual([])
})
