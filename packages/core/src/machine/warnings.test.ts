import { describe, expect, it } from 'vitest'
import { machineOf } from '../placement/fixtures.ts'
import { explainMachineWarning } from './explain.ts'
import type { Link } from './link.ts'
import type { Device, Machine } from './machine.ts'
import { machineWarnings } from './warnings.ts'

const gpus = (...changes: readonly Partial<Device>[]): Machine =>
  machineOf(changes.map((change) => ({ gib: 24, changes: change })))

const cards = (count: number): Machine => gpus(...Array.from({ length: count }, () => ({})))

/** Paths between devices by their places. */
const linked = (machine: Machine, links: readonly (readonly [number, number, Partial<Link>])[]): Machine => ({
  ...machine,
  links: links.map(([from, to, link]) => ({
    from: machine.devices[from]!.id,
    to: machine.devices[to]!.id,
    kind: 'PHB',
    ...link,
  })),
})

/** Every pair of so many, as `link` says of it. */
const everyPair = (count: number, link: (one: number, other: number) => Partial<Link>): Machine =>
  linked(
    cards(count),
    Array.from({ length: count }, (_, one) => one).flatMap((one) =>
      Array.from({ length: count - one - 1 }, (_, at) => [one, one + at + 1, link(one, one + at + 1)] as const),
    ),
  )

const half = (count: number) => (one: number, other: number) => ({
  kind: one < count / 2 === other < count / 2 ? 'PIX' : 'SYS',
})

const remote = (bitsPerSecond?: number): Machine => ({
  ...gpus({}, { backend: 'rpc' }),
  ...(bitsPerSecond !== undefined && { networkInterfaces: [{ name: 'eno1', bitsPerSecond }] }),
})

describe('machineWarnings', () => {
  it.each<readonly [string, Machine]>([
    ['a card at its best', gpus({ pcie: { width: 16, widthMax: 16 }, powerLimitWatts: 350, powerDefaultWatts: 350 })],
    ['a card at rest, in a lower generation', gpus({ pcie: { generation: 1, generationMax: 4, width: 16 } })],
    ['figures that nobody told', gpus({ pcie: { widthMax: 16 }, powerLimitWatts: 350 })],
    ['near paths with peer access', everyPair(4, () => ({ peerAccess: 'OK' }))],
    ['a driver that does not know', everyPair(2, () => ({ peerAccess: 'U' }))],
    ['a fast network', remote(10e9)],
    [
      'a slow network that no device is behind',
      { ...cards(1), networkInterfaces: [{ name: 'eno1', bitsPerSecond: 1e8 }] },
    ],
    ['no device', gpus()],
  ])('is silent about %s', (_, machine) => expect(machineWarnings(machine)).toEqual([]))

  it.each<readonly [string, Machine, readonly string[]]>([
    [
      'every loss of a card, with its figures',
      gpus(
        {},
        { pcie: { width: 4, widthMax: 16 }, powerLimitWatts: 250, powerDefaultWatts: 350, displayAttached: true },
      ),
      [
        'GPU 1 runs on 4 of 16 PCIe lanes.',
        'GPU 1 is capped at 250 W of 350 W.',
        'GPU 1 drives a display, which takes memory of it.',
      ],
    ],
    [
      'P2P off between two',
      linked(cards(3), [
        [0, 1, { peerAccess: 'OK' }],
        [0, 2, { peerAccess: 'CNS' }],
      ]),
      [
        'P2P is off between GPU 0 and GPU 2: the chipset does not support it (CNS). What one sends the other goes through host memory.',
      ],
    ],
    [
      'P2P off between all, for two reasons',
      everyPair(3, (one) => ({ peerAccess: one === 0 ? 'GNS' : 'DR' })),
      [
        'P2P is off between GPU 0 and GPU 1, 2: the GPU does not support it (GNS). What one sends the other goes through host memory.',
        'P2P is off between GPU 1 and GPU 2: the driver’s settings turn it off (DR). What one sends the other goes through host memory.',
      ],
    ],
    [
      'P2P off between all of many',
      everyPair(8, () => ({ peerAccess: 'NS' })),
      [
        'P2P is off between any two of GPU 0 to 7: it is not supported (NS). What one sends the other goes through host memory.',
      ],
    ],
    [
      'two sockets',
      everyPair(8, half(8)),
      ['Between GPU 0 to 3 and GPU 4 to 7 all goes from one processor socket to another (SYS).'],
    ],
    [
      'switches of two sockets',
      everyPair(8, (one, other) =>
        one < 4 === other < 4 ? { kind: one >> 1 === other >> 1 ? 'PIX' : 'NODE' } : { kind: 'SYS' },
      ),
      [
        'Between GPU 0 to 3 and GPU 4 to 7 all goes from one processor socket to another (SYS).',
        'Between GPU 0, 1 and GPU 2, 3, between GPU 4, 5 and GPU 6, 7 all goes from one PCIe host bridge to another (NODE).',
      ],
    ],
    [
      'pairs that follow no pattern, and more than a person reads',
      linked(
        cards(6),
        [1, 2, 3, 4, 5].map((to) => [to - 1, to, { kind: 'NODE' }] as const),
      ),
      [
        'Between GPU 0 and 1, GPU 1 and 2, GPU 2 and 3, GPU 3 and 4, and 1 more pair all goes from one PCIe host bridge to another (NODE).',
      ],
    ],
    [
      'a slow network',
      remote(1e9),
      ['GPU 1 is reached over the network, and its fastest interface, eno1, has 1 Gbit/s.'],
    ],
    ['a network without a link', remote(0), ['GPU 1 is reached over the network, whose speed no tool has told.']],
    [
      'a network of which nothing is known',
      gpus({ backend: 'rpc' }, { backend: 'rpc' }),
      ['GPU 0 and 1 are reached over the network, whose speed no tool has told.'],
    ],
  ])('names %s', (_, machine, sentences) =>
    expect(machineWarnings(machine).map((warning) => explainMachineWarning(warning, machine))).toEqual(sentences),
  )
})
