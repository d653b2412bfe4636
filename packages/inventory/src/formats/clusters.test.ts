import { mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, machineOf, readingOf } from '../testing/read.ts'

describe('clusters', () => {
  it('reads Slurm nodes, wrapped or one a line', () => {
    const text = `NodeName=gpu-a01 Arch=x86_64 CoresPerSocket=32
   CPUAlloc=0 CPUTot=64 CPULoad=0.10
   Gres=gpu:a100:2(S:0-1),gpu:mi210:1
   RealMemory=515000 AllocMem=0 FreeMem=400000
   OS=Linux 5.15.0 #1 SMP
   CfgTRES=cpu=64,mem=515000M,billing=64

NodeName=cpu-01 CPUTot=24 Gres=(null) RealMemory=192000
NodeName=gpu-b01 CPUTot=16 Gres=gpu:4 RealMemory=64000
`
    const { machines, warnings } = readingOf(text)
    expect(
      machines.map(({ name, hostMemoryTotal, cpuCores, devices }) => [name, hostMemoryTotal, cpuCores, devices.length]),
    ).toEqual([
      ['gpu-a01', mebibytes(515000), 64, 3],
      ['cpu-01', mebibytes(192000), 24, 0],
      ['gpu-b01', mebibytes(64000), 16, 4],
    ])
    expect(machines[0]!.devices.map(({ name, backend }) => [name, backend])).toEqual([
      ['a100', 'cuda'],
      ['a100', 'cuda'],
      ['mi210', 'rocm'],
    ])
    expect(new Set(warnings.map((warning) => warning.code))).toEqual(
      new Set(['memory-unknown', 'no-devices', 'name-unknown']),
    )
    expect(issueOf(text.replace('cpu-01', 'gpu-b01'))).toMatchObject({ code: 'duplicate-machine', detail: 'gpu-b01' })
    expect(issueOf('NodeName=x Gres=gpu:129 RealMemory=1')).toMatchObject({
      code: 'limit-exceeded',
      limit: 128,
      field: 'Gres',
    })
    expect(issueOf('NodeName=x RealMemory=lots')).toMatchObject({ code: 'value-invalid', field: 'RealMemory' })
  })

  const node = (name: string, labels: object, capacity: object) => ({
    kind: 'Node',
    metadata: { name, labels },
    status: { capacity: { cpu: '64', memory: '527951752Ki', ...capacity } },
  })
  const label = (labels: object) =>
    Object.fromEntries(Object.entries(labels).map(([key, value]) => [`nvidia.com/${key}`, value]))
  const product = {
    'gpu.product': 'NVIDIA-A100-SXM4-80GB-SHARED',
    'gpu.memory': '81920',
    'gpu.count': '2',
    'gpu.compute.major': '8',
    'gpu.compute.minor': '0',
  }

  it('reads Kubernetes nodes: labels before capacity, which time slicing multiplies', () => {
    const list = {
      kind: 'List',
      items: [
        node('worker-1', label(product), { 'nvidia.com/gpu': '8' }),
        node(
          'worker-2',
          label({
            ...product,
            'mig-3g.40gb.count': '2',
            'mig-3g.40gb.memory': '40192',
            'mig-3g.40gb.product': 'NVIDIA-A100-SXM4-80GB-MIG-3g.40gb',
          }),
          { 'nvidia.com/gpu': '1' },
        ),
        node('worker-3', {}, { 'amd.com/gpu': '1', memory: '16G' }),
        node('worker-4', {}, { memory: '1e9' }),
      ],
    }
    const { machines } = readingOf(JSON.stringify(list, null, 2))
    expect(
      machines.map(({ name, hostMemoryTotal, devices }) => [
        name,
        hostMemoryTotal,
        devices.map((one) => [one.name, one.memoryTotal, one.architecture]),
      ]),
    ).toEqual([
      ['worker-1', 527951752 * 1024, [0, 1].map(() => ['NVIDIA-A100-SXM4-80GB', mebibytes(81920), '8.0'])],
      [
        'worker-2',
        527951752 * 1024,
        [
          ['NVIDIA-A100-SXM4-80GB', mebibytes(81920), '8.0'],
          ...[0, 1].map(() => ['NVIDIA-A100-SXM4-80GB-MIG-3g.40gb', mebibytes(40192), '8.0']),
        ],
      ],
      ['worker-3', 16e9, [['Unknown GPU', 0, undefined]]],
      ['worker-4', undefined, []],
    ])
  })

  it('joins a node with what nvidia-smi prints there', () => {
    const text = `host: worker-1\nindex, name, uuid, memory.total [MiB]\n0, NVIDIA A100-SXM4-80GB, GPU-1a1a1a1a-0000-4000-8000-000000000001, 81920 MiB\n\n${JSON.stringify(node('WORKER-1', label({ ...product, 'gpu.count': '1' }), {}))}`
    expect(machineOf(text)).toMatchObject({
      name: 'worker-1',
      cpuCores: 64,
      devices: [{ id: 'GPU-1a1a1a1a-0000-4000-8000-000000000001', name: 'NVIDIA A100-SXM4-80GB', architecture: '8.0' }],
    })
  })

  it('refuses a node without a name or with too many GPUs', () => {
    expect(issueOf(JSON.stringify({ kind: 'Node', metadata: {} }))).toMatchObject({
      code: 'field-missing',
      field: 'metadata.name',
    })
    const many = { kind: 'List', items: [node('a', label({ ...product, 'gpu.count': '1000' }), {})] }
    expect(issueOf(JSON.stringify(many))).toMatchObject({ code: 'limit-exceeded', limit: 128 })
  })
})
