import { mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { devicesOf, issueOf, machineOf, warningCodes } from '../testing/read.ts'

const amdGpu = {
  gpu: 0,
  asic: {
    market_name: 'AMD Instinct MI300X',
    vendor_id: '0x1002',
    num_compute_units: 304,
    target_graphics_version: 'gfx942',
  },
  bus: { bdf: '0000:05:00.0', max_pcie_width: 16, max_pcie_speed: { value: 32, unit: 'GT/s' } },
  limit: { max_power: { value: 750, unit: 'W' } },
  driver: { name: 'amdgpu', version: '6.10.5' },
  vram: { type: 'HBM3', size: { value: 196592, unit: 'MB' } },
}

describe('amd-smi static', () => {
  const expected = {
    id: 'pci:00000000:05:00.0',
    index: 0,
    name: 'AMD Instinct MI300X',
    backend: 'rocm',
    memoryTotal: mebibytes(196592),
    memory: { reported: { bytes: mebibytes(196592), provenance: 'measured' } },
    unified: false,
    pciBusId: '00000000:05:00.0',
    architecture: 'gfx942',
    computeUnits: 304,
    pcie: { generationMax: 5, widthMax: 16 },
    powerLimitWatts: 750,
  }

  it.each([
    ['a bare list', JSON.stringify([amdGpu], null, 2)],
    ['gpu_data', JSON.stringify({ gpu_data: [amdGpu] }, null, 2)],
    [
      'text',
      `GPU: 0
    ASIC:
        MARKET_NAME: AMD Instinct MI300X
        VENDOR_ID: 0x1002
        NUM_COMPUTE_UNITS: 304
        TARGET_GRAPHICS_VERSION: gfx942
    BUS:
        BDF: 0000:05:00.0
        MAX_PCIE_WIDTH: 16
        MAX_PCIE_SPEED: 32 GT/s
    LIMIT:
        MAX_POWER: 750 W
    DRIVER:
        NAME: amdgpu
        VERSION: 6.10.5
    VRAM:
        TYPE: HBM3
        SIZE: 196592 MB
`,
    ],
  ])('reads %s', (_, text) => {
    expect(machineOf(text)).toMatchObject({ driverVersion: '6.10.5', devices: [expected] })
    expect(machineOf(text).devices[0]).toEqual(expected)
  })

  it('says when memory is not told, as on MI300A', () => {
    for (const size of ['N/A', { value: 0, unit: 'MB' }]) {
      expect(warningCodes(JSON.stringify([{ ...amdGpu, vram: { size } }]))).toEqual(['memory-unknown'])
    }
    expect(issueOf(JSON.stringify([{ ...amdGpu, vram: { size: 'much' } }]))).toMatchObject({
      field: 'vram/size',
      line: 1,
    })
  })

  it('takes the cap that is set for the limit, not the most that could be set', () => {
    const limited = (limit: object) => devicesOf(JSON.stringify([{ ...amdGpu, limit }]))[0]!.powerLimitWatts
    const watts = (value: number) => ({ value, unit: 'W' })
    expect(limited({ max_power: watts(339), min_power: watts(0), socket_power: watts(303) })).toBe(303)
    expect(limited({ ppt0: { max_power_limit: watts(1400), socket_power_limit: watts(1000) }, ppt1: 'N/A' })).toBe(1000)
    expect(limited({ ppt0: { max_power_limit: 'N/A', socket_power_limit: 'N/A' } })).toBeUndefined()
  })

  it("reads ECC of the memory, and the board's name where the card has only the driver's", () => {
    const asic = { market_name: 'AMD Radeon Graphics', target_graphics_version: 'gfx1201' }
    const ras = { ecc_block_state: { UMC: 'ENABLED', SDMA: 'DISABLED' } }
    const board = { product_name: 'AMD Radeon AI PRO R9700' }
    expect(devicesOf(JSON.stringify([{ ...amdGpu, asic, ras, board }]))[0]).toMatchObject({
      name: 'AMD Radeon AI PRO R9700',
      eccEnabled: true,
    })
  })

  const metric = {
    gpu: 0,
    pcie: { width: 8, speed: { value: 16, unit: 'GT/s' } },
    mem_usage: {
      total_vram: { value: 196592, unit: 'MB' },
      used_vram: { value: 283, unit: 'MB' },
      total_gtt: { value: 257000, unit: 'MB' },
    },
  }

  it('adds what amd-smi metric measured of the same card', () => {
    const both = `${JSON.stringify([amdGpu])}\n${JSON.stringify([metric])}`
    const [device] = devicesOf(both)
    expect(device).toMatchObject({
      memoryUsed: mebibytes(283),
      pcie: { generation: 4, width: 8, generationMax: 5, widthMax: 16 },
    })
    const text = `GPU: 0
    USAGE:
        GFX_ACTIVITY: 0 %
    PCIE:
        WIDTH: 8
        SPEED: 16 GT/s
    MEM_USAGE:
        TOTAL_VRAM: 196592 MB
        USED_VRAM: 283 MB
`
    expect(devicesOf(`${JSON.stringify([amdGpu])}\n${text}`)).toEqual([device])
  })

  it('names the line of a figure that is none', () => {
    const text = JSON.stringify([amdGpu], null, 2).replace('196592', '"many"')
    expect(issueOf(text)).toMatchObject({ code: 'value-invalid', line: 30, field: 'vram/size' })
  })

  it('reads past what Python says of the tool', () => {
    const said = `/usr/lib/python3.14/site-packages/amdsmi/amdsmi_interface.py:3569: SyntaxWarning: 'return' in a 'finally' block
  return return_dictionary
`
    expect(devicesOf(`ann@lab-02:~$ amd-smi static --json\n${said}${JSON.stringify([amdGpu])}`)).toHaveLength(1)
    expect(warningCodes(`${said}${JSON.stringify([amdGpu])}`)).toEqual(['text-skipped', 'text-skipped'])
  })
})

describe('amd-smi topology', () => {
  const cards = JSON.stringify([amdGpu, { ...amdGpu, gpu: 1, bus: { bdf: '0000:26:00.0' } }])
  const link = (bdf: string, link_type: string, num_hops: number, bandwidth = 'N/A') => ({
    bdf,
    link_type,
    num_hops,
    bandwidth,
  })
  const json = JSON.stringify([
    {
      gpu: 0,
      bdf: '0000:05:00.0',
      links: [link('0000:05:00.0', 'SELF', 0), link('0000:26:00.0', 'XGMI', 1, '50000-100000')],
    },
    {
      gpu: 1,
      bdf: '0000:26:00.0',
      links: [link('0000:05:00.0', 'XGMI', 1, '50000-100000'), link('0000:26:00.0', 'SELF', 0)],
    },
  ])
  const table = (title: string, cell: string) =>
    `${title} TABLE:\n             0000:05:00.0 0000:26:00.0 \n0000:05:00.0 SELF         ${cell}\n0000:26:00.0 ${cell}         SELF\n\n`
  const text = `${table('HOPS', '1')}${table('LINK TYPE', 'XGMI')}${table('NUMA BW', '50000-100000')}
Legend:
  SELF = Current GPU
  ENABLED / DISABLED = Link is enabled or disabled
`

  it.each([
    ['JSON', json],
    ['text', text],
  ])('reads links between cards by their bus ids from %s', (_, topology) => {
    expect(machineOf(`${cards}\n${topology}`).links).toEqual([
      {
        from: 'pci:00000000:05:00.0',
        to: 'pci:00000000:26:00.0',
        kind: 'XGMI',
        bandwidthBytesPerSecond: 100e9,
      },
    ])
    expect(warningCodes(`${cards}\n${topology}`)).toEqual([])
  })

  it('tells a path within a NUMA node from one to another, and leaves out what it does not know', () => {
    const kinds = (type: string, hops: number) =>
      machineOf(
        `${cards}\n${json.replaceAll('XGMI', type).replaceAll('"num_hops":1', `"num_hops":${hops}`)}`,
      ).links.map(({ kind }) => kind)
    expect([kinds('PCIE', 2), kinds('PCIE', 3), kinds('N/A', 0)]).toEqual([['NODE'], ['SYS'], []])
    expect(machineOf(`${cards}\n${text.replaceAll('50000-100000', '0-0')}`).links[0]).not.toHaveProperty(
      'bandwidthBytesPerSecond',
    )
  })

  it('says when a link leads to a card that is not shown', () => {
    expect(warningCodes(`${JSON.stringify([amdGpu])}\n${json}`)).toEqual(['link-unmatched'])
  })
})
