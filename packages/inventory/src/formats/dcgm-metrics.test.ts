import { mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, machineOf, readingOf, sentenceOf, warningCodes } from '../testing/read.ts'

const uuid = (end: string) => `GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e3${end}`
const csv = `index, name, uuid, pci.bus_id, memory.total [MiB], memory.used [MiB]
0, NVIDIA GeForce RTX 3090, ${uuid('01')}, 00000000:01:00.0, 24576 MiB, 412 MiB
1, NVIDIA GeForce RTX 3090, ${uuid('02')}, 00000000:21:00.0, 24576 MiB, 1 MiB
`
const used = (labels: string, value: string) => `DCGM_FI_DEV_FB_USED{${labels}} ${value}\n`
const metrics = (...samples: readonly string[]) =>
  `# HELP DCGM_FI_DEV_GPU_UTIL Load (in %).\n# TYPE DCGM_FI_DEV_GPU_UTIL gauge\nDCGM_FI_DEV_GPU_UTIL{gpu="0"} 3\n\n${samples.join('')}go_threads 8\n`
const usedOn = (text: string) => machineOf(text).devices.map((device) => device.memoryUsed)

describe('metrics of dcgm-exporter', () => {
  it('fill what is used of the cards that other outputs show, and change nothing else', () => {
    const alone = machineOf(csv, { hostName: 'lab-01' })
    const seen = machineOf(
      `${csv}\n${metrics(used(`gpu="0",UUID="${uuid('01')}",Hostname="pod-7"`, '9000'), used(`gpu="1",UUID="${uuid('02')}"`, '0 1712000000000'))}`,
      { hostName: 'lab-01' },
    )
    const [first, second] = alone.devices
    expect(seen).toEqual({
      ...alone,
      devices: [
        { ...first, memoryUsed: mebibytes(9000) },
        { ...second, memoryUsed: mebibytes(0) },
      ],
    })
  })

  it.each([
    ['a bus id', `gpu="7",pci_bus_id="00000000:21:00.0"`],
    ['a number', `gpu="1"`],
  ])('knows a card by %s where no UUID is printed', (_, labels) => {
    expect(usedOn(`${csv.replaceAll(/, GPU-[^,]*/g, ', [N/A]')}\n${metrics(used(labels, '77'))}`)).toEqual([
      mebibytes(412),
      mebibytes(77),
    ])
  })

  it.each([
    ['another UUID', `gpu="0",UUID="${uuid('09')}"`, '1'],
    ['another bus id', `gpu="0",pci_bus_id="00000000:99:00.0"`, '1'],
    ['a number too many', `gpu="2"`, '1'],
    ['more than the card has', `gpu="0",UUID="${uuid('01')}"`, '24577'],
  ])('keep apart what is of no card here: %s', (_, labels, value) => {
    const text = `${csv}\n${metrics(used(labels, value))}`
    expect(usedOn(text)).toEqual([mebibytes(412), mebibytes(1)])
    expect(warningCodes(text)).toEqual(['observation-unmatched'])
    expect(readingOf(text).observations).toMatchObject([{ cards: [{ used: mebibytes(Number(value)) }] }])
  })

  it('make no machine, and keep hosts apart', () => {
    const text = metrics(
      used(`gpu="0",Hostname="a"`, '5'),
      used(`gpu="0",Hostname="b"`, '6'),
      used(`gpu="1",Hostname="a"`, '7'),
    )
    const card = (index: number, line: number, size: number) => ({
      backend: 'cuda',
      index,
      line,
      used: mebibytes(size),
    })
    expect(readingOf(text)).toMatchObject({
      machines: [],
      observations: [
        { hostName: 'a', line: 5, cards: [card(0, 5, 5), card(1, 7, 7)] },
        { hostName: 'b', line: 6, cards: [card(0, 6, 6)] },
      ],
    })
  })

  it('know slices by their profile, where a card has one of it', () => {
    const parent = 'GPU-5d1f30c7-90ab-4c12-b7b0-2f0e6f3c5a10'
    const slice = (name: string) => ({
      id: `s-${name}`,
      index: name === '1g.10gb' ? 1 : 0,
      name: `NVIDIA A100-PCIE-40GB MIG ${name}`,
      backend: 'cuda',
      memoryTotal: 10 * 2 ** 30,
      memory: { reported: { bytes: 10 * 2 ** 30, provenance: 'measured' } },
      unified: false,
      migEnabled: true,
      migParent: parent,
    })
    const machine = {
      berth: 'machine',
      version: 1,
      id: 'm',
      name: 'm',
      devices: ['3g.20gb', '1g.10gb'].map(slice),
      links: [],
    }
    const labels = (profile: string) => `gpu="0",UUID="${parent}",GPU_I_PROFILE="${profile}",GPU_I_ID="2"`
    const text = `${JSON.stringify(machine)}\n${metrics(used(labels('1g.10gb'), '64'), used(`gpu="0",UUID="${parent}"`, '640'))}`
    expect(usedOn(text)).toEqual([undefined, mebibytes(64)])
    expect(warningCodes(text)).toEqual([])
    const alike = { ...machine, devices: [0, 1].map((index) => ({ ...slice('1g.10gb'), id: `s${index}`, index })) }
    expect(warningCodes(`${JSON.stringify(alike)}\n${metrics(used(labels('1g.10gb'), '64'))}`)).toEqual([
      'observation-unmatched',
    ])
    expect(warningCodes(`${JSON.stringify(machine)}\n${metrics(used(labels('2g.10gb'), '64'))}`)).toEqual([
      'observation-unmatched',
    ])
  })

  it('leave out what DCGM cannot tell, and refuse what is no figure', () => {
    expect(usedOn(`${csv}\n${metrics(used('gpu="0"', '9223372036854775794'))}`)).toEqual([mebibytes(412), mebibytes(1)])
    expect(issueOf(metrics(used('gpu="0"', 'lots')))).toMatchObject({
      code: 'value-invalid',
      format: 'dcgm-metrics',
      line: 5,
      field: 'DCGM_FI_DEV_FB_USED',
    })
    expect(issueOf(metrics(used('gpu="0"', '-1')))).toMatchObject({ code: 'value-invalid', detail: '-1' })
    expect(issueOf(metrics(...Array.from({ length: 4097 }, () => used('gpu="0"', '1'))))).toMatchObject({
      code: 'limit-exceeded',
      limit: 4096,
    })
    expect(sentenceOf(metrics())).toBe(
      'Line 3 (metrics of dcgm-exporter): Nothing here says which GPUs the host has. Paste the output of nvidia-smi -q -x, or of rocm-smi -a --json, with it.',
    )
  })
})
