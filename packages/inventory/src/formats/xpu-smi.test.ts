import { bytes, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { devicesOf, issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const arc = {
  device_id: 0,
  device_function_type: 'physical',
  device_name: 'Intel(R) Arc(TM) Pro B60 Graphics',
  driver_version: '25.18.33578',
  memory_free_size_byte: '25000000000',
  memory_physical_size_byte: '25669140480',
  pci_bdf_address: '0000:4d:00.0',
  pcie_generation: '5',
  pcie_max_link_width: '8',
  uuid: '00000000-0000-004d-0000-0000e2118086',
}
const short = ({ device_id, device_name, pci_bdf_address }: typeof arc) => ({ device_id, device_name, pci_bdf_address })
const second = { ...arc, device_id: 1, pci_bdf_address: '0000:8a:00.0' }
const expected = (pciBusId: string, index: number) => ({
  id: `pci:${pciBusId}`,
  index,
  name: arc.device_name,
  backend: 'sycl',
  memoryTotal: bytes(25669140480),
  memory: { reported: { bytes: bytes(25669140480), provenance: 'measured' } },
  memoryUsed: bytes(669140480),
  unified: false,
  pciBusId,
  pcie: { generationMax: 5, widthMax: 8 },
})
const json = (value: unknown) => JSON.stringify(value, null, 2)

describe('xpu-smi discovery -j', () => {
  it.each([
    ['one device', json(arc), 1],
    ['a list', json([arc, second]), 2],
    ['a device_list', json({ device_list: [arc, second] }), 2],
    ['one device after the other', `${json(arc)}\n${json(second)}`, 2],
    [
      'the short list, then each',
      `${json({ device_list: [short(arc), short(second)] })}\n${json(arc)}\n${json(second)}`,
      2,
    ],
    ['virtual functions of a device', json({ device_list: [arc, { ...second, device_function_type: 'virtual' }] }), 1],
  ])('reads %s', (_, text, count) => {
    const all = [expected('00000000:4D:00.0', 0), expected('00000000:8A:00.0', 1)]
    expect(machineOf(text)).toMatchObject({ driverVersion: '25.18.33578' })
    expect(devicesOf(text)).toEqual(all.slice(0, count))
  })

  it('tells ECC, and graphics on the die, whose memory is the host’s', () => {
    expect(devicesOf(json({ ...arc, memory_ecc_state: 'enabled' }))[0]).toMatchObject({ eccEnabled: true })
    expect(devicesOf(json({ ...arc, memory_ecc_state: '' }))[0]).not.toHaveProperty('eccEnabled')
    expect(devicesOf(json({ ...arc, pci_bdf_address: '0000:00:02.0' }))[0]).toMatchObject({ unified: true })
  })

  it('does not take silence for a size', () => {
    expect(warningCodes(json({ device_list: [short(arc)] }))).toEqual(['memory-unknown'])
    expect(devicesOf(json({ ...arc, memory_physical_size_byte: '0' }))[0]).toMatchObject({ memoryTotal: 0, memory: {} })
    expect(devicesOf(json({ ...arc, memory_free_size_byte: '0' }))[0]).not.toHaveProperty('memoryUsed')
  })

  it('names the field that is no figure', () => {
    expect(issueOf(json({ device_list: [arc, { ...second, memory_physical_size_byte: 'all' }] }))).toMatchObject({
      code: 'value-invalid',
      format: 'xpu-smi-json',
      line: 21,
      field: 'device_list[1].memory_physical_size_byte',
    })
    const many = { device_list: Array.from({ length: 129 }, () => arc) }
    expect(issueOf(json(many))).toMatchObject({ code: 'limit-exceeded', limit: 128 })
    expect(warningCodes(json({ ...arc, pcie_generation: 'new' }))).toEqual(['value-ignored'])
  })
})

describe('xpu-smi stats -j', () => {
  const stats = (id: number, value: unknown) =>
    json({
      device_id: id,
      device_level: [
        { metrics_type: 'XPUM_STATS_POWER', value: 40 },
        { metrics_type: 'XPUM_STATS_MEMORY_USED', value },
      ],
    })

  it('fills what is used of a device that discovery shows', () => {
    const text = `${json([arc, second])}\n${stats(1, 512.5)}\n${stats(7, 3)}`
    expect(devicesOf(text).map((device) => device.memoryUsed)).toEqual([bytes(669140480), mebibytes(512.5)])
    expect(warningCodes(text)).toEqual(['observation-unmatched'])
  })

  it('makes no machine, and refuses what is no figure', () => {
    const cards = [{ line: 1, backend: 'sycl', index: 0, used: mebibytes(10) }]
    expect(readingOf(stats(0, 10))).toMatchObject({ machines: [], observations: [{ line: 1, cards }] })
    expect(issueOf(stats(0, 'much'))).toMatchObject({ code: 'value-invalid', field: 'XPUM_STATS_MEMORY_USED' })
    expect(issueOf(json({ device_id: 0, device_level: [] }))).toMatchObject({ code: 'no-devices', line: 1 })
  })
})

describe('xpu-smi discovery', () => {
  const table = `+-----------+--------------------------------------------------------+
| Device ID | Device Information                                     |
+-----------+--------------------------------------------------------+
| 0         | Device Name: Intel(R) Arc(TM) Pro B60 Graphics         |
|           | Vendor Name: Intel(R) Corporation                      |
|           | PCI BDF Address: 0000:4d:00.0                          |
|           | Function Type: physical                                |
+-----------+--------------------------------------------------------+
| 1         | Device Name: Intel(R) UHD Graphics 770                 |
|           | PCI BDF Address: 0000:00:02.0                          |
+-----------+--------------------------------------------------------+
`
  const long = `+-----------+--------------------------------------------------------+
| Device ID | Device Information                                     |
+-----------+--------------------------------------------------------+
| 0         | Device Type: GPU                                       |
|           | Device Name: Intel(R) Arc(TM) Pro B60 Graphics         |
|           | Serial Number: XYZ123                                  |
|           | PCI BDF Address: 0000:4d:00.0                          |
|           | PCIe Generation: 5                                     |
|           | PCIe Max Link Width: 8                                 |
|           | Driver Version: 25.18.33578                            |
|           |                                                        |
|           | Memory Physical Size: 24480.00 MiB                     |
|           | Memory Free Size: 24000.00 MiB                         |
|           | Memory ECC State: enabled                              |
+-----------+--------------------------------------------------------+
`

  it('is read as the table it is, with what -d adds', () => {
    expect(devicesOf(table)).toMatchObject([
      { id: 'pci:00000000:00:02.0', unified: true },
      { id: 'pci:00000000:4D:00.0', name: arc.device_name, unified: false, memory: {} },
    ])
    expect(machineOf(long)).toMatchObject({ driverVersion: '25.18.33578' })
    expect(devicesOf(long)).toEqual([
      {
        ...expected('00000000:4D:00.0', 0),
        memoryTotal: mebibytes(24480),
        memory: { reported: { bytes: mebibytes(24480), provenance: 'measured' } },
        memoryUsed: mebibytes(480),
        eccEnabled: true,
      },
    ])
  })

  it('names the line of a size that is none', () => {
    expect(issueOf(long.replace('24480.00 MiB', 'all of it    '))).toMatchObject({
      code: 'value-invalid',
      format: 'xpu-smi-table',
      line: 12,
      field: 'Memory Physical Size',
    })
  })
})

describe('xpu-smi discovery --dump', () => {
  const dump = `Device ID,Device Name,Driver Version,PCI BDF Address,PCIe Generation,PCIe Max Link Width,Memory Physical Size
0,"Intel(R) Arc(TM) Pro B60 Graphics","25.18.33578","0000:4d:00.0","5","8","24480.00 MiB"
1,"Intel(R) Arc(TM) A380, LP","25.18.33578","0000:8a:00.0","4","8","N/A"
`
  it('reads the properties that were asked for', () => {
    const { memoryUsed: _, ...first } = expected('00000000:4D:00.0', 0)
    expect(machineOf(dump)).toMatchObject({ driverVersion: '25.18.33578' })
    expect(devicesOf(dump)).toMatchObject([
      { ...first, memoryTotal: mebibytes(24480), memory: { reported: { bytes: mebibytes(24480) } } },
      { index: 1, name: 'Intel(R) Arc(TM) A380, LP', pcie: { generationMax: 4, widthMax: 8 }, memory: {} },
    ])
    expect(warningCodes(dump)).toEqual(['memory-unknown'])
  })

  it('names line and column', () => {
    expect(issueOf(dump.replace('24480.00 MiB', 'lots'))).toMatchObject({
      code: 'value-invalid',
      format: 'xpu-smi-csv',
      line: 2,
      field: 'Memory Physical Size',
    })
    expect(issueOf(dump.replace('"5","8",', '"5",'))).toMatchObject({ code: 'malformed', line: 2 })
  })
})

describe('devices shown one by one', () => {
  it.each([
    ['the first of each host', json(arc), 2],
    ['the same number in another slot', json({ ...arc, pci_bdf_address: '0000:03:00.0' }), 2],
    ['another number in the same slot', json({ ...arc, device_id: 2 }), 2],
    ['the next of one host, of another name', json({ ...second, device_name: 'Intel(R) Arc(TM) A380' }), 1],
  ])('are of one host when their numbers allow it: %s', (_, text, count) => {
    const first = json({ ...arc, memory_physical_size_byte: '16000000000' })
    expect(readingOf(`${first}\n${text}`).machines).toHaveLength(count)
  })
})
