import { type Device, deviceId, gibibytes, type Link, type Machine, machineId } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { interfaceWords, linkMatrix, pathLines, peerLines } from './link-words.ts'

const device = (index: number): Device => ({
  id: deviceId(`gpu-${index}`),
  index,
  name: 'NVIDIA GeForce RTX 3090',
  backend: 'cuda',
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
const lab = (count: number, ...links: readonly Link[]): Machine => ({
  id: machineId('m'),
  name: 'lab-01',
  devices: Array.from({ length: count }, (_, index) => device(index)),
  links,
})

const four = lab(
  4,
  link(0, 1, { kind: 'NV4', bandwidthBytesPerSecond: 56.25e9, peerAccess: 'OK' }),
  link(3, 2, { kind: 'NV4', bandwidthBytesPerSecond: 100e9, peerAccess: 'OK' }),
  link(0, 2, { peerAccess: 'CNS' }),
  link(0, 3, { peerAccess: 'CNS' }),
  link(1, 2, { kind: 'unknown' }),
  link(1, 3, { kind: 'PSB' }),
)

describe('pathLines', () => {
  it('names every class once: NVLink first, then the nearest, then what nobody knows', () =>
    expect(pathLines(four).map(({ kind, meaning, pairs }) => [kind, meaning, pairs])).toEqual([
      ['NV4', 'over 4 NVLinks bonded, 56 GB/s to 100 GB/s in one direction', '2 pairs'],
      ['SYS', 'from one processor socket to another', '2 pairs'],
      ['?', 'a path that no tool has told', '1 pair'],
      ['PSB', 'a path that no tool has told', '1 pair'],
    ]))

  it('puts Infinity Fabric before paths over PCIe', () =>
    expect(
      pathLines(lab(3, link(0, 1, { kind: 'NODE' }), link(1, 2, { kind: 'XGMI', bandwidthBytesPerSecond: 100e9 }))).map(
        ({ kind, meaning, isBridge }) => [kind, meaning, isBridge],
      ),
    ).toEqual([
      ['XGMI', 'over Infinity Fabric, 100 GB/s in one direction', true],
      ['NODE', 'from one PCIe host bridge to another', false],
    ]))

  it('orders paths over PCIe by nearness', () =>
    expect(
      pathLines(
        lab(4, ...(['NODE', 'PIX', 'PHB', 'PXB'] as const).map((kind, at) => link(at, (at + 1) % 4, { kind }))),
      ).map(({ kind }) => kind),
    ).toEqual(['PIX', 'PXB', 'PHB', 'NODE']))
})

describe('peerLines', () => {
  it('counts the pairs of every answer, and says nothing where nobody was asked', () => {
    expect(peerLines(four).map(({ access, text }) => `${access} ${text}`)).toEqual([
      'OK it works, 2 pairs',
      'CNS the chipset does not support it, 2 pairs',
    ])
    expect(peerLines(lab(2, link(0, 1, {})))).toEqual([])
  })
})

describe('linkMatrix', () => {
  it('is what nvidia-smi prints, whichever way a link was read', () =>
    expect(linkMatrix(four)).toEqual([
      ['X', 'NV4 OK', 'SYS CNS', 'SYS CNS'],
      ['NV4 OK', 'X', '?', 'PSB'],
      ['SYS CNS', '?', 'X', 'NV4 OK'],
      ['SYS CNS', 'PSB', 'NV4 OK', 'X'],
    ]))

  it('leaves out a GPU that no link was read of', () =>
    expect(linkMatrix(lab(3, link(0, 2, {})))).toEqual([
      ['X', 'SYS'],
      ['SYS', 'X'],
    ]))
})

describe('interfaceWords', () => {
  it.each([
    [{ name: 'eno1', bitsPerSecond: 1e9 }, 'eno1, 1 Gbit/s'],
    [{ name: 'eno2', bitsPerSecond: 0 }, 'eno2, no link'],
    [{ name: 'ib0' }, 'ib0, speed unknown'],
  ])('writes %j', (one, words) => expect(interfaceWords(one)).toBe(words))
})
