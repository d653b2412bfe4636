import { gibibytes, mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const labels = {
  'nvidia.com/cuda.driver-version.full': '550.90.07',
  'nvidia.com/gpu.product': 'NVIDIA-A100-SXM4-80GB',
  'nvidia.com/gpu.memory': '81920',
  'nvidia.com/gpu.count': '2',
  'nvidia.com/gpu.replicas': '4',
  'nvidia.com/gpu.compute.major': '8',
  'nvidia.com/gpu.compute.minor': '0',
}
const node = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, labels },
  status: {
    capacity: { cpu: '64', memory: '527951752Ki', 'nvidia.com/gpu': '8' },
    nodeInfo: { operatingSystem: 'linux' },
  },
})
const yamlNode = (name: string) => `apiVersion: v1
kind: Node
metadata:
  annotations:
    example.com/applied: |
      {"kind": "Node",
       "status": {}}
  labels:
${Object.entries(labels)
  .map(([key, value]) => `    ${key}: ${/^\d+$/.test(value) ? `"${value}"` : value}`)
  .join('\n')}
  name: ${name} # its name
spec:
  taints:
  - effect: NoSchedule
    key: 'gpu''s'
status:
  capacity:
    cpu: "64"
    memory: 527951752Ki
    nvidia.com/gpu: "8"
  images:
  - names:
    - registry/image@sha256:0000
    sizeBytes: 5
  nodeInfo:
    operatingSystem: linux
`
const indent = (text: string) => text.replace(/^(?=.)/gm, '  ').replace(/^ {2}/, '- ')
const list = (...names: readonly string[]) =>
  `apiVersion: v1\nitems:\n${names.map((name) => indent(yamlNode(name))).join('')}kind: List\nmetadata:\n  resourceVersion: ""\n`

describe('nodes of Kubernetes as YAML', () => {
  it('are what they are as JSON', () => {
    const [one, two] = [node('worker-1'), node('worker-2')].map((value) => machineOf(JSON.stringify(value)))
    expect(one).toMatchObject({ os: 'linux', cpuCores: 64, driverVersion: '550.90.07', devices: [{}, {}] })
    expect(machineOf(yamlNode('worker-1'))).toEqual(one)
    expect(readingOf(list('worker-1', 'worker-2')).machines).toEqual([one, two])
    expect(readingOf(`${yamlNode('worker-1')}---\n${yamlNode('worker-2')}`).machines).toEqual([one, two])
  })

  it('are named by their address where only the status was copied', () => {
    const status =
      'status:\n  addresses:\n    - address: 10.0.0.3\n      type: InternalIP\n    - address: edge\n      type: Hostname\n  capacity:\n    memory: 16Gi\n    nvidia.com/gpu: "1"\n'
    expect(machineOf(status)).toMatchObject({ name: 'edge', hostMemoryTotal: gibibytes(16), devices: [{ index: 0 }] })
  })

  it('name the line of a node that has no name, and do not follow aliases', () => {
    const broken = list('worker-1', 'worker-2').replace('    name: worker-2 # its name\n', '')
    expect(issueOf(broken)).toMatchObject({
      code: 'field-missing',
      field: 'items[1].metadata.name',
      line: broken.split('\n').lastIndexOf('- apiVersion: v1') + 1,
    })
    expect(issueOf(yamlNode('x').replace(' x #', ' *a #'))).toMatchObject({ code: 'field-missing' })
    const deep = `kind: Node\nspec:\n${Array.from({ length: 40 }, (_, depth) => `${' '.repeat(depth + 1)}a:`).join('\n')}\n`
    expect(issueOf(deep)).toMatchObject({ code: 'limit-exceeded', limit: 32 })
  })
})

describe('labels of GPU feature discovery', () => {
  const lines = (entries: Readonly<Record<string, string>>) =>
    `${Object.entries(entries)
      .map(([key, value]) => `${key}=${value}`)
      .join('\n')}\n`
  const devices = (text: string) => machineOf(text).devices.map(({ name, memoryTotal }) => [name, memoryTotal])

  it.each([
    ['the file', lines(labels)],
    ['kubectl describe', `Labels:             ${lines(labels).trim().replaceAll('\n', '\n                    ')}\n`],
  ])('count cards, not the times each is shared: %s', (_, text) => {
    const card = ['NVIDIA-A100-SXM4-80GB', mebibytes(81920)]
    expect(devices(text)).toEqual([card, card])
    expect(machineOf(text)).toMatchObject({ driverVersion: '550.90.07' })
  })

  it('are read from kubectl describe node with its name and capacity', () => {
    const describe = (name: string) => `Name:               ${name}
Roles:              <none>
Labels:             ${lines(labels).trim().replaceAll('\n', '\n                    ')}
Annotations:        node.alpha.kubernetes.io/ttl: 0
CreationTimestamp:  Tue, 03 Feb 2026 10:00:00 +0000
Addresses:
  InternalIP:  10.0.0.3
Capacity:
  cpu:                64
  memory:             527951752Ki
  nvidia.com/gpu:     8
Allocatable:
  cpu:                63
System Info:
  Operating System:           linux
  Architecture:               amd64
Events:              <none>
`
    const expected = machineOf(JSON.stringify(node('worker-1')))
    expect(machineOf(describe('worker-1'))).toEqual(expected)
    expect(readingOf(`${describe('worker-1')}\n\n${describe('worker-2')}`).machines.map(({ name }) => name)).toEqual([
      'worker-1',
      'worker-2',
    ])
    expect(issueOf('Name:   pod-1\nNamespace:  default\n')).toMatchObject({ code: 'unrecognised', line: 1 })
  })

  it('know slices by their own labels', () => {
    const mixed = {
      ...labels,
      'nvidia.com/mig-3g.40gb.count': '2',
      'nvidia.com/mig-3g.40gb.memory': '40192',
      'nvidia.com/mig-3g.40gb.product': 'NVIDIA-A100-SXM4-80GB-MIG-3g.40gb',
    }
    const slice = ['NVIDIA-A100-SXM4-80GB-MIG-3g.40gb', mebibytes(40192)]
    expect(devices(lines(mixed))).toEqual([slice, slice])
  })

  it('know whole cards, slices and parts by the capacity where no label counts them', () => {
    const cards = (capacity: object, own: object = {}) =>
      machineOf(
        JSON.stringify({ kind: 'Node', metadata: { name: 'w', labels: own }, status: { capacity } }),
      ).devices.map(({ name, backend }) => [name, backend])
    const mixed = { 'nvidia.com/gpu': '1', 'nvidia.com/mig-3g.40gb': '2', 'nvidia.com/mig-1g.10gb.shared': '4' }
    expect(cards(mixed, labels)).toEqual([
      ['NVIDIA-A100-SXM4-80GB', 'cuda'],
      ['MIG 3g.40gb', 'cuda'],
      ['MIG 3g.40gb', 'cuda'],
    ])
    expect(cards({ 'amd.com/cpx_nps4': '2' }, { 'amd.com/gpu.vram': '24G' })).toEqual([
      ['Unknown GPU', 'rocm'],
      ['Unknown GPU', 'rocm'],
    ])
    expect(cards({ 'gpu.intel.com/xe': '1' }, { 'gpu.intel.com/product': 'Arc_Pro_B60' })).toEqual([
      ['Intel Arc Pro B60', 'sycl'],
    ])
  })

  it("know AMD's names, with the capacity of the node", () => {
    const amd = { 'amd.com/gpu.product-name': 'AMD_Instinct_MI300X_OAM', 'amd.com/gpu.vram': '192G' }
    const value = { kind: 'Node', metadata: { name: 'w', labels: amd }, status: { capacity: { 'amd.com/gpu': '1' } } }
    expect(machineOf(JSON.stringify(value)).devices).toMatchObject([
      { name: 'AMD Instinct MI300X OAM', memoryTotal: gibibytes(192), memory: { nominal: { provenance: 'typed' } } },
    ])
    expect(warningCodes(`host: w\n${lines(labels)}`)).toEqual([])
    expect(issueOf(lines(amd))).toMatchObject({ code: 'no-devices', format: 'kubernetes-labels' })
  })
})
