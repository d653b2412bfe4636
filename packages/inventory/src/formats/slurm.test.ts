import { mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const names = (text: string) =>
  readingOf(text).machines.map(({ name, devices }) => [name, devices.map((device) => device.name)])

describe('gres.conf', () => {
  it.each([
    ['a file a line', 'Name=gpu Type=a100 File=/dev/nvidia0\nName=gpu Type=a100 File=/dev/nvidia1\n', ['a100', 'a100']],
    ['a range of files', 'Name=gpu Type=h100 File=/dev/nvidia[0-2] Cores=0-31\n', ['h100', 'h100', 'h100']],
    ['a count', 'AutoDetect=off\nName=gpu Type=mi210 Count=2\nName=fpga Count=9\n', ['mi210', 'mi210']],
    [
      'files in a row, and remarks',
      '# cards\nName=gpu Type=l4 File=/dev/nvidia0,/dev/nvidia1 # two\n\n# end\n',
      ['l4', 'l4'],
    ],
    ['no type', 'Name=gpu\n', ['Unknown GPU']],
  ])('counts cards by %s', (_, text, expected) => {
    expect(machineOf(text).devices.map((device) => device.name)).toEqual(expected)
  })

  it('gives nodes theirs, and every node what stands without a name', () => {
    expect(
      names(
        'NodeName=gpu[01-02,07],login Name=gpu Type=a40 File=/dev/nvidia0\nNodeName=login Name=gpu Type=t4\nName=gpu Type=l4\n',
      ),
    ).toEqual([
      ['gpu01', ['a40', 'l4']],
      ['gpu02', ['a40', 'l4']],
      ['gpu07', ['a40', 'l4']],
      ['login', ['a40', 't4', 'l4']],
    ])
  })

  it('is joined with what scontrol shows of the node', () => {
    const text =
      'NodeName=gpu01 Name=gpu Type=a100 File=/dev/nvidia[0-1]\n\nNodeName=gpu01 CPUTot=64 Gres=gpu:a100:2 RealMemory=515000\n'
    expect(readingOf(text).machines).toMatchObject([
      { name: 'gpu01', hostMemoryTotal: mebibytes(515000), devices: [{}, {}] },
    ])
    expect(readingOf(text).machines[0]!.devices).toHaveLength(2)
  })

  it.each([
    ['a count that is none', 'Name=gpu Count=many', 'value-invalid', 'File'],
    ['too many cards', 'Name=gpu File=/dev/nvidia[0-128]', 'limit-exceeded', 'File'],
    ['too many cards in all', 'NodeName=a Name=gpu Count=99\nNodeName=a Name=gpu Count=99', 'limit-exceeded', 'Name'],
    ['too many nodes', 'NodeName=gpu[1-999999999] Name=gpu', 'limit-exceeded', 'NodeName'],
    ['a list that is none', 'NodeName=gpu[1-x] Name=gpu', 'value-invalid', 'NodeName'],
    ['no card', 'Name=fpga Count=1', 'no-devices', undefined],
  ])('refuses %s', (_, text, code, field) => {
    expect(issueOf(text)).toMatchObject({ code, format: 'slurm-gres', ...(field === undefined ? {} : { field }) })
  })
})

describe('nodes of Slurm', () => {
  it('are read from slurm.conf, one for each name of the list', () => {
    expect(
      readingOf('NodeName=gpu[1-2] CPUs=64 RealMemory=515000 Gres=gpu:a100:1 State=UNKNOWN\n').machines,
    ).toMatchObject([
      { name: 'gpu1', cpuCores: 64, hostMemoryTotal: mebibytes(515000), devices: [{ name: 'a100' }] },
      { name: 'gpu2', cpuCores: 64, hostMemoryTotal: mebibytes(515000), devices: [{ name: 'a100' }] },
    ])
    expect(issueOf('NodeName=gpu[1-1001] RealMemory=1')).toMatchObject({ code: 'limit-exceeded', limit: 1000 })
  })

  it('are refused where there are too many of them', () => {
    const text = Array.from({ length: 1100 }, (_, at) => `NodeName=n${at} RealMemory=1`).join('\n')
    expect(issueOf(text)).toMatchObject({ code: 'limit-exceeded', limit: 1000, line: 1001, format: 'slurm-nodes' })
  })

  const node = {
    name: 'gpu-a01',
    cpus: 64,
    real_memory: 515000,
    gres: 'gpu:a100:2(S:0-1)',
    operating_system: 'Linux 5.14',
  }
  const json = (...nodes: readonly unknown[]) => JSON.stringify({ meta: {}, nodes, errors: [] }, null, 1)

  it.each([
    ['plain', node],
    ['wrapped', { ...node, real_memory: { set: true, infinite: false, number: 515000 } }],
  ])('are read from slurmrestd: figures are %s', (_, one) => {
    const text = json(one, { ...node, name: 'cpu-01', gres: '' })
    const host = { os: 'linux', hostMemoryTotal: mebibytes(515000), cpuCores: 64 }
    expect(readingOf(text).machines).toMatchObject([
      { name: 'gpu-a01', ...host, devices: [{ name: 'a100' }, { name: 'a100' }] },
      { name: 'cpu-01', ...host, devices: [] },
    ])
    expect(warningCodes(text)).toEqual(['memory-unknown', 'memory-unknown', 'no-devices'])
  })

  it('are refused with the field that is wrong', () => {
    const field = 'nodes[1].real_memory'
    expect(issueOf(json(node, { ...node, real_memory: 'x' }))).toMatchObject({ code: 'value-invalid', field, line: 14 })
    expect(issueOf(json({ ...node, gres: 'gpu:999' }))).toMatchObject({ code: 'limit-exceeded', field: 'Gres' })
    expect(issueOf(json({ ...node, name: ' ' }))).toMatchObject({ code: 'value-invalid', field: 'nodes[0].name' })
  })
})
