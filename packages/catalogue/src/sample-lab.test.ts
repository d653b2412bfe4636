import { catalogueHeader } from './catalogue-model.ts'
import { GIB, sumBytes, tensorDataBytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { findCatalogueModel } from './models/models.ts'
import { sampleLab } from './sample-lab.ts'

describe('sampleLab', () => {
  const lab = sampleLab()

  it('is four different machines with ids of their own', () => {
    expect(lab).toHaveLength(4)
    expect(lab.every(({ id }) => id.startsWith('sample-'))).toBe(true)
    const shapes = lab.map(({ devices }) => devices.map(({ name }) => name).join())
    expect(new Set(shapes).size).toBe(4)
    const ids = lab.flatMap(({ devices }) => devices.map(({ id }) => id))
    expect(new Set(ids).size).toBe(ids.length)
    expect(sampleLab()).toEqual(lab)
  })

  it('links every two devices of a machine once', () => {
    expect(lab.map(({ links }) => links.length)).toEqual([1, 1, 6, 0])
  })

  it('has machines that hold a 70B, that hold it with help of the host, and one that cannot', () => {
    const model = findCatalogueModel('llama-3.3-70b')!
    const need = tensorDataBytes(catalogueHeader(model, 'Q4_K_M'))
    const onDevices = lab.map(({ devices }) => sumBytes(devices.map(({ memoryTotal }) => memoryTotal)) > need + 4 * GIB)
    expect(onDevices).toEqual([true, false, true, false])
    const [, mixed, , small] = lab.map(
      ({ devices, hostMemoryTotal = 0 }) => sumBytes(devices.map(({ memoryTotal }) => memoryTotal)) + hostMemoryTotal,
    )
    expect(mixed).toBeGreaterThan(need + 4 * GIB)
    expect(small).toBeLessThan(need)
  })
})
