import type { Machine } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { explainInventoryWarning } from '../explain.ts'
import { observeMachines } from '../observe.ts'
import { issueOf, fixture, machineOf, readingOf } from '../testing/read.ts'

const uuid = (index: number): string => `GPU-1b2c3d4e-0000-4000-8000-00000000000${index}`
const csv = (count: number): string =>
  [
    'index, name, uuid, memory.total [MiB]',
    ...Array.from({ length: count }, (_, index) => `${index}, NVIDIA L40S, ${uuid(index)}, 46068 MiB`),
  ].join('\n')
const stored = (count: number, name = 'lab-07'): Machine => machineOf(`host: ${name}\n${csv(count)}`)

const topo = '\tGPU0\tGPU1\tCPU Affinity\nGPU0\t X \tPHB\t0-7\nGPU1\tPHB\t X \t0-7\n'
const p2p = '\tGPU0\tGPU1\nGPU0\tX\tCNS\nGPU1\tCNS\tX\n'
const speeds = '/sys/class/net/eno1/speed:1000\n'
const links = [{ from: uuid(0), to: uuid(1), kind: 'PHB', peerAccess: 'CNS' }]
const networkInterfaces = [{ name: 'eno1', bitsPerSecond: 1e9 }]
const all = `${topo}\n${p2p}\n${speeds}`

const observed = (text: string, machines: readonly Machine[], hostName?: string) => {
  const { observations, machines: read } = readingOf(text, hostName === undefined ? {} : { hostName })
  expect(read).toEqual([])
  return observeMachines(machines, observations)
}

describe('paths and network without cards', () => {
  it.each([
    ['a line that names the host', `host: lab-07\n${all}`, undefined],
    ['a name given beside it', all, 'lab-07'],
    ['another case of it', all, 'LAB-07'],
  ])('bring the machine of that name up to date: %s', (_, text, hostName) => {
    const known = stored(2)
    const { machines, unmatched } = observed(text, [stored(2, 'other'), known], hostName)
    expect(machines[1]).toEqual({ ...known, links, networkInterfaces })
    expect(unmatched).toEqual([])
    // Another machine is the same object, and so is the one when it is seen again.
    const again = observed(text, machines, hostName)
    expect(again.machines.map((machine, at) => machine === machines[at])).toEqual([true, true])
  })

  it('are known by their bus ids where a tool prints those, of some of the cards or all', () => {
    const bdf = ['0000:05:00.0', '0000:26:00.0', '0000:46:00.0']
    const card = (id: string, gpu: number) =>
      `{"gpu": ${gpu}, "asic": {"market_name": "AMD Instinct MI300X"}, "bus": {"bdf": "${id}"}, "vram": {"size": {"value": 196592, "unit": "MB"}}}`
    const known = machineOf(`host: lab-07\n[${bdf.map(card).join(',\n')}]`)
    const topology = (to: string) => `host: lab-07\n[{"gpu": 0, "bdf": "${bdf[0]!}", "links": [
      {"bdf": "${to}", "link_type": "XGMI", "num_hops": 1, "bandwidth": "50000-100000"}]}]`
    const { machines, unmatched } = observed(topology(bdf[1]!), [known])
    const [from, to] = known.devices.map(({ id }) => id)
    expect(machines[0]!.links).toEqual([{ from, to, kind: 'XGMI', bandwidthBytesPerSecond: 100e9 }])
    expect(unmatched).toEqual([])
    expect(observed(topology('0000:99:00.0'), [known]).unmatched).toHaveLength(1)
  })

  it.each<readonly [string, readonly Machine[]]>([
    ['no machine of that name', [stored(2, 'lab-08')]],
    ['more GPUs than the matrix has', [stored(3)]],
    ['fewer', [stored(1)]],
    ['GPUs cut into slices', [machineOf(`host: lab-07\n${fixture('smi-v11-mig.xml')}`)]],
  ])('are left over where there is %s', (_, machines) => {
    const result = observed(`host: lab-07\n${all}`, machines)
    expect(result.unmatched).toMatchObject([{ line: 2, hostName: 'lab-07', cards: [], networkInterfaces }])
    expect(result.unmatched[0]!.paths).toHaveLength(1)
    expect(result.machines).toEqual(machines)
  })

  it('say so, and what to do', () => {
    expect(readingOf(`host: lab-07\n${all}`).warnings.map(explainInventoryWarning)).toEqual([
      'Line 2 (nvidia-smi topo -m): Paths and network alone bring up to date a machine that is known by this name and has as many GPUs; for any other paste nvidia-smi -q -x with them: lab-07.',
    ])
  })

  it('bring up to date a machine that the same paste describes otherwise', () => {
    const text = `machine.name,device.name,device.backend,device.uuid\nlab-07,L40S,cuda,${uuid(0)}\nlab-07,L40S,cuda,${uuid(1)}\n\nhost: lab-07\n${topo}`
    const { machines, warnings } = readingOf(text)
    expect(machines.map(({ links: found }) => found)).toEqual([[{ from: uuid(0), to: uuid(1), kind: 'PHB' }]])
    expect(warnings).toEqual([])
  })

  it('keep what a monitor measured beside them', () => {
    const known = stored(2)
    const text = `host: lab-07\n${topo}\nDCGM_FI_DEV_FB_USED{gpu="0",UUID="${uuid(0)}"} 1024\n`
    expect(observed(text, [known]).machines).toMatchObject([
      { devices: [{ memoryUsed: 1024 ** 3 }, {}], links: [{ kind: 'PHB' }] },
    ])
  })

  it.each([
    ['paths', topo],
    ['peer access', p2p],
    ['network', speeds],
  ])('are refused where nobody names the machine: %s', (_, text) =>
    expect(issueOf(text)).toMatchObject({ code: 'host-not-named', line: 1 }),
  )

  it('are no machine of their own beside the memory of a host', () =>
    expect(machineOf(`host: lab-09\nMemTotal:       131890432 kB\n\n${speeds}`)).toMatchObject({
      name: 'lab-09',
      devices: [],
      networkInterfaces,
    }))
})
