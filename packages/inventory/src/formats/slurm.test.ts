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

  it.each([
    ['gpu:a100:2(S:0-1),gpu:v100:1', ['a100', 'a100', 'v100']],
    // Types of digits, or that begin with one; a number alone is a count.
    ['gpu:1080ti:2(IDX:0-1)', ['1080ti', '1080ti']],
    ['gpu:3090:1,gpu:2080ti:1', ['3090', '2080ti']],
    ['gpu:2', ['Unknown GPU', 'Unknown GPU']],
    ['gpu:l40s', ['l40s']],
    ['gpu:nvidia_a100-sxm4-80gb:1(S:0,2,4)', ['nvidia_a100-sxm4-80gb']],
    ['shard:8,gpu:a40:1,mps:100', ['a40']],
    ['(null)', []],
  ])('have the cards of Gres=%s', (gres, expected) => {
    expect(names(`NodeName=n1 CPUTot=64 Gres=${gres} RealMemory=515000\n`)).toEqual([['n1', expected]])
  })

  it('have the cards that TRES counts where Gres says nothing', () => {
    const node = (tres: string) =>
      `NodeName=n1 CPUTot=64 Gres=(null) RealMemory=515000\n   CfgTRES=cpu=64,mem=515000M${tres}\n`
    expect(names(node(',billing=64,gres/gpu=3,gres/gpu:a100=2'))).toEqual([['n1', ['a100', 'a100', 'Unknown GPU']]])
    expect(names(node(''))).toEqual([['n1', []]])
  })

  it('take what DEFAULT says before them, and count sockets, cores and threads', () => {
    const conf = `NodeName=DEFAULT CPUs=32 RealMemory=128000
NodeName=n1 Gres=gpu:l4:1
NodeName=DEFAULT Sockets=2 CoresPerSocket=24 ThreadsPerCore=2 RealMemory=515000
NodeName=n2 Gres=gpu:l40s:1
`
    expect(readingOf(conf).machines).toMatchObject([
      { name: 'n1', cpuCores: 32, hostMemoryTotal: mebibytes(128000) },
      { name: 'n2', cpuCores: 96, hostMemoryTotal: mebibytes(515000) },
    ])
  })

  it('are refused where one stands twice, with its line', () => {
    const text = 'NodeName=n1 RealMemory=1\n   Gres=gpu:1\nNodeName=n2 RealMemory=1\nNodeName=N1 RealMemory=1\n'
    expect(issueOf(text)).toMatchObject({ code: 'duplicate-machine', line: 4, detail: 'N1' })
  })

  it.each([
    [
      'by columns',
      'NODELIST      CPUS   MEMORY   GRES\ngpu[01-02]    64     515000+  gpu:3090:2(S:0-1)\ncpu1 8 64000 (null)\n',
    ],
    [
      'in another order',
      'GRES PARTITION NODELIST MEMORY CPUS\ngpu:3090:2 main* gpu[01-02] 515000 64\ngpu:3090:2 all gpu01 515000 64\n(null) all cpu1 64000 8\n',
    ],
    [
      'between bars',
      'HOSTNAMES|CPUS|MEMORY|GRES\ngpu01|64|515000|gpu:3090:2\ngpu02|64|515000|gpu:3090:2\ncpu1|8|64000|(null)\n',
    ],
  ])('are read from sinfo, %s', (_, text) => {
    const host = { cpuCores: 64, hostMemoryTotal: mebibytes(515000), devices: [{ name: '3090' }, { name: '3090' }] }
    expect(readingOf(text).machines).toMatchObject([
      { name: 'gpu01', ...host },
      { name: 'gpu02', ...host },
      { name: 'cpu1', cpuCores: 8, devices: [] },
    ])
    expect(issueOf(text.replace('64000', 'lots'))).toMatchObject({ code: 'value-invalid', field: 'MEMORY' })
    // What is used now is not what there is.
    expect(issueOf(text.replace('GRES', 'GRES_USED'))).toMatchObject({ code: 'unrecognised', line: 1 })
  })

  it('are read from a table of their resources', () => {
    const text = `Name     Resources_Available                          Resources_Used
n1       =cpu=20,mem=257573M,billing=20,gres/gpu=2    =cpu=20,mem=184536M,gres/gpu=1
n2       =cpu=16,mem=1.5T,billing=16                  =cpu=0,mem=0
`
    expect(readingOf(text).machines).toMatchObject([
      { name: 'n1', cpuCores: 20, hostMemoryTotal: mebibytes(257573), devices: [{}, {}] },
      { name: 'n2', cpuCores: 16, hostMemoryTotal: mebibytes(1.5 * 1024 * 1024), devices: [] },
    ])
    expect(readingOf(text).machines[0]!.devices).toHaveLength(2)
    expect(names(text.split('\n').slice(1).join('\n'))).toHaveLength(2)
    expect(issueOf(text.replace('gres/gpu=2', 'gres/gpu=200'))).toMatchObject({ code: 'limit-exceeded', line: 2 })
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
    expect(issueOf(json({ ...node, gres: 'gpu:999' }))).toMatchObject({ code: 'limit-exceeded', field: 'gres' })
    expect(issueOf(json({ ...node, name: ' ' }))).toMatchObject({ code: 'value-invalid', field: 'nodes[0].name' })
  })
})
