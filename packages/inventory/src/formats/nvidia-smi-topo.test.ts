import { describe, expect, it } from 'vitest'

import { fixture, issueOf, machineOf, sentenceOf, warningCodes } from '../testing/read.ts'

const cards = (count: number): string =>
  [
    'index, name, uuid, memory.total [MiB]',
    ...Array.from({ length: count }, (_, index) => `${index}, NVIDIA L40S, ${uuid(index)}, 46068 MiB`),
  ].join('\n')
const uuid = (index: number): string => `GPU-1b2c3d4e-0000-4000-8000-00000000000${index}`

const matrix = `\t\u001b[4mGPU0\tGPU1\tGPU2\tNIC0\tNIC1\tCPU Affinity\tNUMA Affinity\tGPU NUMA ID\u001b[0m
GPU0\t X \tNV4\tPIX\tNODE\tSYS\t0-31,64-95\t0\t\tN/A
GPU1\tNV4\t X \tSYS\tNODE\tSYS\t0-31,64-95\t0\t\tN/A
GPU2\tPIX\tSYS\t X \tSYS\tPHB\t32-63,96-127\t1\t\tN/A
NIC0\tNODE\tNODE\tSYS\t X \tPIX\t\t\t\t
NIC1\tSYS\tSYS\tPHB\tPIX\t X \t\t\t\t

Legend:

  X    = Self
  SYS  = Connection traversing PCIe as well as the SMP interconnect between NUMA nodes (e.g., QPI/UPI)
  NODE = Connection traversing PCIe as well as the interconnect between PCIe Host Bridges within a NUMA node
  PHB  = Connection traversing PCIe as well as a PCIe Host Bridge (typically the CPU)
  PIX  = Connection traversing at most a single PCIe bridge
  NV#  = Connection traversing a bonded set of # NVLinks

NIC Legend:

  NIC0: mlx5_0
  NIC1: mlx5_1
`

const links = (text: string) => machineOf(text).links.map(({ from, to, kind }) => [from, to, kind])

const expected = [
  [uuid(0), uuid(1), 'NV4'],
  [uuid(0), uuid(2), 'PIX'],
  [uuid(1), uuid(2), 'SYS'],
]

describe('nvidia-smi topo -m', () => {
  it.each([
    ['before the cards', `${matrix}\n${cards(3)}`],
    ['after the cards', `${cards(3)}\n\n${matrix}`],
    ['with tabs expanded to spaces', `${matrix.replaceAll('\t', '        ')}\n${cards(3)}`],
    ['without its legend', `${matrix.split('\n').slice(0, 6).join('\n')}\n\n${cards(3)}`],
    [
      'of an older driver: mlx5 names, no NUMA columns',
      `${matrix.replaceAll(/NIC(\d)(?!:)/g, 'mlx5_$1').replace('\tNUMA Affinity\tGPU NUMA ID', '')}\n${cards(3)}`,
    ],
    ['with the escape characters lost from its colour codes', `${matrix.replaceAll('\u001b', '')}\n${cards(3)}`],
  ])('reads the paths between GPUs %s', (_, text) => {
    expect(links(text)).toEqual(expected)
    expect(warningCodes(text)).toEqual([])
  })

  it('reads GPU columns from rows that lost a tab, and says so', () => {
    const ragged = matrix.replace('NIC0\tNIC1', 'NIC0NIC1').replaceAll('\tNODE\tSYS\t0-31', '\tNODESYS\t0-31')
    expect(links(`${ragged}\n${cards(3)}`)).toEqual(expected)
    expect(warningCodes(`${ragged}\n${cards(3)}`)).toEqual(['ragged-row', 'ragged-row', 'ragged-row'])
    expect(links(`${matrix.replace('NV4\tPIX', 'NV4PIX')}\n${cards(3)}`)).toEqual(expected)
  })

  it('reads what rows there are', () => {
    const rows = matrix.split('\n').toSpliced(2, 2).join('\n')
    expect(links(`${rows}\n${cards(3)}`)).toEqual(expected.slice(0, 2))
  })

  it('leaves out links of GPUs that nothing names', () => {
    const text = `${matrix}\n${cards(2)}`
    expect(links(text)).toEqual(expected.slice(0, 1))
    expect(warningCodes(text)).toEqual(['link-unmatched'])
  })

  it('refuses a matrix cell that is none, and a matrix alone that names no host', () => {
    expect(issueOf(`${matrix.replace('\tNV4\tPIX', '\tNV4\tBEST')}\n${cards(3)}`)).toMatchObject({
      code: 'value-invalid',
      line: 2,
      field: 'GPU0 to GPU2',
    })
    expect(issueOf(matrix)).toMatchObject({ code: 'host-not-named', format: 'nvidia-smi-topo', line: 1 })
    expect(sentenceOf(matrix)).toBe(
      'Line 1 (nvidia-smi topo -m): This tells of the paths or the network of a machine, and neither which GPUs it has nor its name. Paste the output of nvidia-smi -q -x, or of rocm-smi -a --json, with it, or name a machine that Berth knows.',
    )
  })

  it('draws no link to a card that is cut into slices', () => {
    const mig = fixture('smi-v11-mig.xml')
      .replace('<attached_gpus>1<', '<attached_gpus>2<')
      .replace(
        '</nvidia_smi_log>',
        `<gpu id="00000000:D1:00.0"><product_name>NVIDIA A100-PCIE-40GB</product_name><uuid>${uuid(1)}</uuid><fb_memory_usage><total>40960 MiB</total></fb_memory_usage></gpu></nvidia_smi_log>`,
      )
    const pair = '\tGPU0\tGPU1\tCPU Affinity\nGPU0\t X \tSYS\t0-7\nGPU1\tSYS\t X \t8-15\n'
    expect(machineOf(`${mig}\n${pair}`)).toMatchObject({ devices: { length: 3 }, links: [] })
    expect(warningCodes(`${mig}\n${pair}`)).toEqual([])
  })

  it('calls SOC what it is called now', () => {
    const old = '\tGPU0\tGPU1\tCPU Affinity\nGPU0\t X \tSOC\t0-7\nGPU1\tSOC\t X \t8-15\n'
    expect(links(`${old}\n${cards(2)}`)).toEqual([[uuid(0), uuid(1), 'SYS']])
  })
})

const nvlink = (count: number, links: number, speed = '14.062 GB/s'): string =>
  Array.from({ length: count }, (_, gpu) =>
    [
      `GPU ${gpu}: NVIDIA L40S (UUID: ${uuid(gpu)})`,
      ...Array.from({ length: links }, (_, link) => `\t Link ${link}: ${speed}`),
    ].join('\n'),
  ).join('\n')

describe('nvidia-smi nvlink -s', () => {
  it('adds the speed of bonded links to the matrix', () => {
    const text = `${cards(3)}\n\n${matrix}\n\n${nvlink(3, 4)}\n`
    expect(machineOf(text).links).toEqual([
      { from: uuid(0), to: uuid(1), kind: 'NV4', bandwidthBytesPerSecond: 4 * 14.062e9 },
      { from: uuid(0), to: uuid(2), kind: 'PIX' },
      { from: uuid(1), to: uuid(2), kind: 'SYS' },
    ])
  })

  it('joins two GPUs whose links are up, without a matrix', () => {
    expect(machineOf(`${cards(2)}\n\n${nvlink(2, 4)}\n`).links).toEqual([
      { from: uuid(0), to: uuid(1), kind: 'NV4', bandwidthBytesPerSecond: 4 * 14.062e9 },
    ])
    expect(machineOf(`${cards(3)}\n\n${nvlink(3, 4)}\n`).links).toEqual([])
    // A bridge between two of three.
    expect(machineOf(`${cards(3)}\n\n${nvlink(2, 4)}\n`).links).toHaveLength(1)
    expect(machineOf(`${cards(2)}\n\n${nvlink(2, 4, '<inactive>')}\n`).links).toEqual([])
  })

  it.each([
    'NVML: Unable to retrieve NVLink information as all links are inActive',
    'Device does not have or support Nvlink',
    'Nvlink queries are not supported for Devices in MIG mode',
  ])('reads on past "%s"', (answer) => {
    const text = `${cards(2)}\n\nGPU 0: NVIDIA L40S (UUID: ${uuid(0)})\n${answer}\nGPU 1: NVIDIA L40S (UUID: ${uuid(1)})\n${answer}\n`
    expect(machineOf(text).links).toEqual([])
    expect(warningCodes(text)).toEqual([])
  })
})

describe('nvidia-smi -L', () => {
  it('names cards and gives MIG slices their UUIDs and profiles', () => {
    const parent = uuid(0)
    const list = `GPU 0: NVIDIA H100 80GB HBM3 (UUID: ${parent})
  MIG 3g.40gb     Device  0: (UUID: MIG-5a0c2f10-6b1e-5b5e-8f0a-000000000001)
  MIG 1g.10gb     Device  1: (UUID: MIG-5a0c2f10-6b1e-5b5e-8f0a-000000000002)
`
    const slice = (index: number, total: number) =>
      `<mig_device><index>${index}</index><fb_memory_usage><total>${total} MiB</total></fb_memory_usage></mig_device>`
    const xml = `<nvidia_smi_log><gpu id="00000000:18:00.0"><product_name>NVIDIA H100 80GB HBM3</product_name><mig_mode><current_mig>Enabled</current_mig></mig_mode><mig_devices>${slice(0, 40448)}${slice(1, 9728)}</mig_devices><uuid>${parent}</uuid></gpu></nvidia_smi_log>`
    const read = (text: string) => machineOf(text).devices.map(({ id, name, migParent }) => [id, name, migParent])
    const expected = [
      ['MIG-5a0c2f10-6b1e-5b5e-8f0a-000000000001', 'NVIDIA H100 80GB HBM3 MIG 3g.40gb', parent],
      ['MIG-5a0c2f10-6b1e-5b5e-8f0a-000000000002', 'NVIDIA H100 80GB HBM3 MIG 1g.10gb', parent],
    ]
    expect(read(`${list}\n${xml}`)).toEqual(expected)
    expect(read(`${xml}\n${list}`)).toEqual(expected)
    expect(warningCodes(list)).toEqual(['mig-slices-unknown'])
  })
})
