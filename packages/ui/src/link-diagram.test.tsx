// @vitest-environment jsdom
import { type Device, deviceId, gibibytes, type Link, type NetworkInterface } from '@berth/core'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { LinkedMachine } from './geometry/link-scene.ts'
import { bondStroke, LinkDiagram } from './link-diagram.tsx'

const device = (index: number, backend: Device['backend'] = 'cuda'): Device => ({
  id: deviceId(`gpu-${index}`),
  index,
  name: 'a card',
  backend,
  memoryTotal: gibibytes(24),
  memory: {},
  unified: false,
})
const link = (from: number, to: number, more: Partial<Link>): Link => ({
  from: deviceId(`gpu-${from}`),
  to: deviceId(`gpu-${to}`),
  kind: 'SYS',
  ...more,
})
const pairs = (count: number): readonly (readonly [number, number])[] =>
  Array.from({ length: count }, (_, from) => from).flatMap((from) =>
    Array.from({ length: count - from - 1 }, (_, at) => [from, from + at + 1] as const),
  )

/** Cards whose paths are as `linkOf` says. */
const lab = (
  count: number,
  linkOf: (from: number, to: number) => Partial<Link>,
  networkInterfaces?: readonly NetworkInterface[],
): LinkedMachine => ({
  name: 'lab-01',
  devices: Array.from({ length: count }, (_, index) => device(index)),
  links: pairs(count).map(([from, to]) => link(from, to, linkOf(from, to))),
  ...(networkInterfaces && { networkInterfaces }),
})
const halves = (from: number, to: number) => ({ kind: from < 2 === to < 2 ? 'PHB' : 'SYS' })

const drawn = (machine: LinkedMachine): HTMLElement => {
  const holder = document.createElement('div')
  holder.innerHTML = renderToStaticMarkup(<LinkDiagram machine={machine} />)
  return holder
}
const words = (machine: LinkedMachine): readonly string[] =>
  [...drawn(machine).querySelectorAll('text')].map(({ textContent }) => textContent ?? '')

describe('LinkDiagram', () => {
  it.each<readonly [string, LinkedMachine, string]>([
    ['two sockets', lab(4, halves), 'SYS: GPU 0, GPU 1, GPU 2, GPU 3; PHB: GPU 0, GPU 1; PHB: GPU 2, GPU 3'],
    [
      'a bridge, and P2P off where there is none',
      lab(3, (_, to) => (to === 1 ? { kind: 'NV4' } : { peerAccess: 'CNS' })),
      'SYS: GPU 0, GPU 1, GPU 2, P2P off between some; NV4: GPU 0, GPU 1',
    ],
    ['P2P off', lab(2, () => ({ kind: 'PHB', peerAccess: 'GNS' })), 'PHB: GPU 0, GPU 1, P2P off'],
    [
      'a switch',
      lab(8, () => ({ kind: 'NV18' })),
      `NV18: ${[0, 1, 2, 3, 4, 5, 6, 7].map((gpu) => `GPU ${gpu}`).join(', ')}`,
    ],
    [
      'Infinity Fabric between all',
      lab(4, () => ({ kind: 'XGMI', peerAccess: 'OK' })),
      'XGMI: GPU 0, GPU 1, GPU 2, GPU 3',
    ],
    [
      'the network, less what has no link',
      lab(2, () => ({ kind: 'PIX' }), [
        { name: 'eno1', bitsPerSecond: 1e9 },
        { name: 'eno2', bitsPerSecond: 0 },
        { name: 'ib0' },
      ]),
      'PIX: GPU 0, GPU 1; network: eno1 1 Gbit/s, ib0',
    ],
    ['devices of other hosts', { name: 'lab-01', devices: [device(0), device(1, 'rpc')], links: [] }, 'network: GPU 1'],
  ])('says in its title what it shows: %s', (_, machine, title) =>
    expect(drawn(machine).querySelector('title')?.textContent).toBe(`Links of lab-01. ${title}`),
  )

  it('names every device and every line once', () => {
    expect(words(lab(4, halves))).toEqual(['SYS', 'PHB', 'PHB', 'GPU 0', 'GPU 1', 'GPU 2', 'GPU 3'])
    expect(words(lab(4, (from, to) => ({ kind: to - from === 1 && from !== 1 ? 'NV4' : 'SYS' })))).toEqual([
      'SYS',
      'NV4',
      'NV4',
      'GPU 0',
      'GPU 1',
      'GPU 2',
      'GPU 3',
    ])
    expect(words(lab(2, () => ({ kind: 'NODE', peerAccess: 'CNS' })))).toEqual(['NODE', 'P2P off', 'GPU 0', 'GPU 1'])
  })

  it('keeps within its own width, from two GPUs to sixteen', () => {
    for (const count of [2, 4, 8, 16]) {
      // Every card bonded to its neighbours, as in a cube: many lanes.
      const machine = lab(count, (from, to) => ({ kind: to - from < 3 ? 'NV2' : 'SYS' }))
      const svg = drawn(machine).querySelector('svg')!
      const [, , width, height] = svg.getAttribute('viewBox')!.split(' ').map(Number)
      expect(height).toBe(count * 30)
      expect(width).toBeLessThan(330)
      for (const line of svg.querySelectorAll('line'))
        expect(Number(line.getAttribute('x2'))).toBeLessThanOrEqual(width!)
      const reach = [...svg.querySelectorAll('path')].map((path) =>
        Math.max(...[...path.getAttribute('d')!.matchAll(/H([\d.]+)/g)].map((match) => Number(match[1]))),
      )
      expect(reach.length).toBeGreaterThan(0)
      expect(Math.max(...reach)).toBeLessThan(width!)
    }
  })
})

describe('bondStroke', () => {
  it.each([
    ['NV4', ['NV4'], 'var(--accent)'],
    ['NV1', ['NV1', 'NV2'], 'var(--segment-compute)'],
    ['NV2', ['NV1', 'NV2'], 'var(--accent)'],
    ['NV1', ['NV1', 'NV2', 'NV3', 'NV4'], 'var(--tight)'],
  ])('draws %s among %j', (kind, kinds, colour) => expect(bondStroke(kind, kinds).colour).toBe(colour))

  it('is thicker the more links are bonded', () =>
    expect(bondStroke('NV12', []).width).toBeGreaterThan(bondStroke('NV4', []).width))
})
