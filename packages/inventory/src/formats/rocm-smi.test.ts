import { bytes, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { devicesOf, issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const measured = (size: number) => ({ bytes: bytes(size), provenance: 'measured' })

const rocm = (cards: object) =>
  JSON.stringify(
    { ...cards, system: { 'Driver version': '6.8.5', '(Topology) Link type between DRM devices 0 and 1': 'PCIE' } },
    null,
    4,
  )
const newCard = {
  'Device Name': 'Radeon RX 7900 XTX',
  'Device ID': '0x744c',
  'Unique ID': '0xa1b2c3d4e5f60718',
  'pcie clock level': '1 (16.0GT/s x16)',
  'Max Graphics Package Power (W)': '339.0',
  'PCI Bus': '0000:2F:00.0',
  'VRAM Total Memory (B)': '25753026560',
  'VRAM Total Used Memory (B)': '27926528',
  'Card Series': 'N/A',
  'Card Model': '0x744c',
  'GFX Version': 'gfx1100',
}
const oldCard = {
  'Unique ID': 'a1b2c3d4e5f6071',
  'Card series': 'Vega 20',
  'PCI Bus': '0000:03:00.0',
  'vram Total Memory (B)': '17163091968',
  'vram Total Used Memory (B)': '19095552',
  'vis_vram Total Memory (B)': '268435456',
}

describe('rocm-smi --json', () => {
  it('reads fields of newer and older releases, in bus order', () => {
    const { machines, warnings } = readingOf(rocm({ card1: newCard, card0: oldCard }))
    expect(warnings).toEqual([])
    expect(machines[0]!.driverVersion).toBe('6.8.5')
    expect(machines[0]!.devices).toEqual([
      {
        id: 'GPU-0a1b2c3d4e5f6071',
        index: 0,
        name: 'Vega 20',
        backend: 'rocm',
        memoryTotal: bytes(17163091968),
        memory: { reported: measured(17163091968) },
        memoryUsed: bytes(19095552),
        unified: false,
        uuid: 'GPU-0a1b2c3d4e5f6071',
        pciBusId: '00000000:03:00.0',
      },
      {
        id: 'GPU-a1b2c3d4e5f60718',
        index: 1,
        name: 'Radeon RX 7900 XTX',
        backend: 'rocm',
        memoryTotal: bytes(25753026560),
        memory: { reported: measured(25753026560) },
        memoryUsed: bytes(27926528),
        unified: false,
        uuid: 'GPU-a1b2c3d4e5f60718',
        pciBusId: '00000000:2F:00.0',
        architecture: 'gfx1100',
        pcie: { generation: 4, width: 16 },
        powerLimitWatts: 339,
      },
    ])
  })

  it('knows graphics on the processor, and cards without names', () => {
    const apu = { 'Card series': 'AMD Radeon Graphics', 'GFX Version': 'gfx1103', 'VRAM Total Memory (B)': '536870912' }
    expect(devicesOf(rocm({ card0: apu }))[0]).toMatchObject({ unified: true, name: 'AMD Radeon Graphics' })
    expect(warningCodes(rocm({ card0: { 'Card model': '0xc1e', 'PCI Bus': '0000:03:00.0' } }))).toEqual([
      'name-unknown',
      'memory-unknown',
    ])
  })

  it('joins what llama.cpp sees of the same card', () => {
    const list = 'Available devices:\n  ROCm0: AMD Radeon RX 7900 XTX (24560 MiB, 24510 MiB free)\n'
    expect(devicesOf(`${rocm({ card0: newCard })}\n${list}`)).toMatchObject([
      { name: 'Radeon RX 7900 XTX', memory: { runtime: { bytes: mebibytes(24560) } }, memoryUsed: bytes(27926528) },
    ])
  })

  it('reads past the warning that comes before the JSON', () => {
    const text = `WARNING: AMD GPU device(s) is/are in a low-power state. Check power control/runtime_status\n\n${rocm({ card0: newCard })}`
    expect(devicesOf(text)).toHaveLength(1)
    expect(warningCodes(text)).toEqual(['text-skipped'])
  })

  it('refuses a size that is none, and names its line', () => {
    const text = rocm({ card0: { ...newCard, 'VRAM Total Memory (B)': 'all' } })
    expect(issueOf(text)).toMatchObject({ code: 'value-invalid', line: 9, field: 'card0.VRAM Total Memory (B)' })
    expect(issueOf(rocm({ card0: 'x' }))).toMatchObject({ code: 'malformed', field: 'card0', line: 2 })
  })

  it('reads how the slot could run from the levels that stand under bare numbers', () => {
    const levels = { '0': '2.5GT/s x4', '1': '16.0GT/s x16 *', '2': '1200Mhz', '3': '566Mhz *' }
    const [device] = devicesOf(rocm({ card0: { ...newCard, 'pcie clock level': '0 (2.5GT/s x4)', ...levels } }))
    expect(device!.pcie).toEqual({ generation: 1, width: 4, generationMax: 4, widthMax: 16 })
    // A rate of no generation tells the lanes all the same.
    const odd = devicesOf(rocm({ card0: { ...newCard, 'pcie clock level': 'N/A', '0': '3.0GT/s x8' } }))
    expect(odd[0]!.pcie).toEqual({ widthMax: 8 })
  })

  it('prefers any name to what the driver calls graphics that it does not know', () => {
    const named = { 'Card Series': 'AMD Radeon Graphics', 'Device Name': 'Radeon PRO W7900', 'Card Model': '0x7448' }
    expect(devicesOf(rocm({ card0: { ...newCard, ...named } }))[0]!.name).toBe('Radeon PRO W7900')
  })
})

const ruler = (title: string) => `${'='.repeat(20)} ${title} ${'='.repeat(20)}`
const text = `${ruler('ROCm System Management Interface')}
${ruler('ID')}
GPU[0]\t\t: Device Name: \t\tRadeon RX 7900 XTX
GPU[0]\t\t: GUID: \t\t55069
GPU[1]\t\t: Device Name: \t\tRadeon RX 7900 XTX
${ruler('VBIOS')}
GPU[0]\t\t: VBIOS version: 113-1
${ruler('PCI Bus ID')}
GPU[0]\t\t: PCI Bus: 0000:2F:00.0
GPU[1]\t\t: PCI Bus: 0000:03:00.0
${ruler('Memory Usage (Bytes)')}
GPU[0]\t\t: VRAM Total Memory (B): 25753026560
GPU[0]\t\t: VRAM Total Used Memory (B): 27926528
GPU[1]\t\t: VRAM Total Memory (B): 25753026560
${ruler('Version of System Component')}
Driver version: 6.8.5
${ruler('Weight between two GPUs')}
       GPU0         GPU1
GPU0   0            15
GPU1   15           0

${ruler('Hops between two GPUs')}
       GPU0         GPU1
GPU0   0            1
GPU1   1            0

${ruler('Link Type between two GPUs')}
       GPU0         GPU1
GPU0   0            XGMI
GPU1   XGMI         0

${ruler('Numa Nodes')}
GPU[0]\t\t: (Topology) Numa Node: 0
${ruler('End of ROCm SMI Log')}
`

describe('rocm-smi as text', () => {
  it('reads names, sizes and the links between cards', () => {
    expect(machineOf(`host: lab-05\n${text}`)).toMatchObject({
      name: 'lab-05',
      driverVersion: '6.8.5',
      devices: [
        { id: 'pci:00000000:03:00.0', name: 'Radeon RX 7900 XTX', memoryTotal: bytes(25753026560) },
        { id: 'pci:00000000:2F:00.0', name: 'Radeon RX 7900 XTX', memoryUsed: bytes(27926528) },
      ],
      links: [{ from: 'pci:00000000:2F:00.0', to: 'pci:00000000:03:00.0', kind: 'XGMI' }],
    })
    expect(warningCodes(text)).toEqual([])
  })

  it('reads it from a page that lost the brackets, and without its first ruler', () => {
    const shown = text
      .replaceAll(/GPU\[(\d)\]\t\t/g, 'GPU $1          ')
      .split('\n')
      .slice(2)
      .join('\n')
    expect(machineOf(shown)).toMatchObject({ devices: [{ index: 0 }, { memoryUsed: bytes(27926528) }], links: [{}] })
  })

  it.each([
    ['PCIE', '2', 'NODE'],
    ['PCIE', '3', 'SYS'],
  ])('names a path over %s with %s hops %s', (type, hops, kind) => {
    const path = text.replaceAll('XGMI', type).replaceAll(/(GPU0 {3}0 {12})1(?=\n)/g, `$1${hops}`)
    expect(machineOf(path).links).toMatchObject([{ kind }])
    const json = rocm({ card0: newCard, card1: { ...newCard, 'Unique ID': '0x77', 'PCI Bus': '0000:03:00.0' } })
    const hopsKey = `"(Topology) Hops between DRM devices 0 and 1": "${hops}",\n        "(Topology) Link`
    expect(machineOf(json.replace('"(Topology) Link', hopsKey)).links).toMatchObject([{ kind }])
  })

  it('says what the summary lacks', () => {
    const summary = `${ruler('ROCm System Management Interface')}
${ruler('Concise Info')}
Device  Node  IDs              Temp    Power  Partitions          SCLK    MCLK   Fan  Perf  PwrCap  VRAM%  GPU%
              (DID,     GUID)  (Edge)  (Avg)  (Mem, Compute, ID)
${'='.repeat(60)}
0       1     0x744c,   26967  40.0C   12.0W  N/A, N/A, 0         0Mhz    96Mhz  0%   auto  327.0W  1%     0%
${ruler('End of ROCm SMI Log')}
`
    expect(issueOf(summary)).toMatchObject({ code: 'no-devices', format: 'rocm-smi-text', line: 1 })
  })

  it('names the line of a size that is none', () => {
    expect(issueOf(text.replace('25753026560', 'lots'))).toMatchObject({
      code: 'value-invalid',
      line: 12,
      field: 'card0.VRAM Total Memory (B)',
    })
  })
})

describe('rocm-smi --csv', () => {
  const csv = `device,GPU use (%),VRAM Total Memory (B),VRAM Total Used Memory (B),Card Series,Card Model,Card Vendor,GFX Version
card0,0,21458059264,27856896,Radeon RX 7900 XT,0x744c,Advanced Micro Devices Inc. [AMD/ATI],gfx1100
`

  it('reads the fields of the JSON as columns', () => {
    expect(devicesOf(csv)).toMatchObject([
      {
        name: 'Radeon RX 7900 XT',
        memoryTotal: bytes(21458059264),
        memoryUsed: bytes(27856896),
        architecture: 'gfx1100',
      },
    ])
  })

  it('names the line of a row that is none', () => {
    expect(issueOf(csv.replace(',0x744c', ''))).toMatchObject({ code: 'malformed', line: 2 })
  })
})
