import { describe, expect, it } from 'vitest'

import { writeMachinesCsv } from './berth-csv.ts'
import { writeMachines } from './berth-json.ts'
import { mergeMachine } from '../merge.ts'
import { fixture, issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const xml = fixture('smi-v12-two-3090.xml')
const interfaces = (text: string) => machineOf(`${xml}\n${text}`).networkInterfaces

const speeds = `/sys/class/net/docker0/speed:10000
/sys/class/net/eno1/speed:1000
/sys/class/net/eno2/speed:-1
/sys/class/net/ens1f0np0/speed:100000
grep: /sys/class/net/lo/speed: Invalid argument
/sys/class/net/veth3f1a2b/speed:10000
`
const found = [
  { name: 'eno1', bitsPerSecond: 1e9 },
  { name: 'eno2', bitsPerSecond: 0 },
  { name: 'ens1f0np0', bitsPerSecond: 100e9 },
]

describe('/sys/class/net/*/speed', () => {
  it.each([
    ['after the cards', speeds],
    ['with the command', `$ grep -H . /sys/class/net/*/speed\n${speeds}`],
  ])('reads the cards and leaves out what software makes: %s', (_, text) => {
    expect(interfaces(text)).toEqual(found)
    expect(warningCodes(`${xml}\n${text}`)).toEqual([])
  })

  it.each([
    ['10', 10e6],
    ['2500', 2.5e9],
    ['800000', 800e9],
    ['-1', 0],
    ['0', 0],
    // -1 without its sign, of 16 and of 32 bits.
    ['65535', 0],
    ['4294967295', 0],
    ['999999999999', 0],
  ])('reads %s', (text, bitsPerSecond) =>
    expect(interfaces(`/sys/class/net/eno1/speed:${text}\n`)).toEqual([{ name: 'eno1', bitsPerSecond }]),
  )

  it('takes an error for no link', () =>
    expect(interfaces('cat: /sys/class/net/wlan0/speed: Invalid argument\n')).toEqual([
      { name: 'wlan0', bitsPerSecond: 0 },
    ]))

  it('refuses a value that is none, and more interfaces than a host has', () => {
    expect(issueOf(`${xml}\n/sys/class/net/eno1/speed:fast\n`)).toMatchObject({ code: 'unrecognised', line: 162 })
    const many = Array.from({ length: 1025 }, (_, at) => `/sys/class/net/eth${at}/speed:1000`).join('\n')
    expect(issueOf(`${xml}\n${many}`)).toMatchObject({
      code: 'limit-exceeded',
      format: 'network-speeds',
      limit: 1024,
      detail: '1025 network interfaces',
    })
  })
})

describe('ethtool', () => {
  const settings = (name: string, speed: string, link: string): string => `Settings for ${name}:
	Supported ports: [ TP ]
	Supported link modes:   10baseT/Half 10baseT/Full
	                        1000baseT/Full
	Speed: ${speed}
	Duplex: Full
	Link detected: ${link}
netlink error: Operation not permitted
`

  it.each([
    ['1000Mb/s', 'yes', 1e9],
    ['100000Mb/s', 'yes', 100e9],
    ['Unknown!', 'no', 0],
  ])('reads a speed of %s, link %s', (speed, link, bitsPerSecond) =>
    expect(interfaces(settings('eno1', speed, link))).toEqual([{ name: 'eno1', bitsPerSecond }]),
  )

  it('reads several, and no bridge', () => {
    const text = ['ens1', 'docker0', 'eno1'].map((name) => settings(name, '25000Mb/s', 'yes')).join('')
    expect(interfaces(text)).toEqual([
      { name: 'eno1', bitsPerSecond: 25e9 },
      { name: 'ens1', bitsPerSecond: 25e9 },
    ])
    expect(readingOf(`${xml}\n${text}`).sections).toHaveLength(2)
  })

  it('knows nothing of an interface without settings', () =>
    expect(interfaces('Settings for eno9:\nNo data available\n')).toEqual([{ name: 'eno9', bitsPerSecond: 0 }]))
})

describe('ip -j link', () => {
  const link = (ifname: string, more: object = {}) => ({
    ifindex: 1,
    ifname,
    flags: ['BROADCAST'],
    operstate: 'UP',
    link_type: 'ether',
    address: '02:00:5e:00:53:01',
    ...more,
  })
  const json = (...links: readonly object[]): string => JSON.stringify(links, null, 1)
  const all = json(
    link('lo', { link_type: 'loopback', operstate: 'UNKNOWN' }),
    link('eno1'),
    link('eno2', { operstate: 'DOWN' }),
    link('rack', { linkinfo: { info_kind: 'bridge' } }),
    link('uplink', { linkinfo: { info_kind: 'bond' } }),
    link('veth3f1a2b'),
    link('ib0', { link_type: 'infiniband' }),
  )

  it('lists the cards, and neither bridges nor addresses', () => {
    expect(interfaces(all)).toEqual([
      { name: 'eno1' },
      { name: 'eno2', bitsPerSecond: 0 },
      { name: 'ib0' },
      { name: 'uplink' },
    ])
    expect(JSON.stringify(machineOf(`${xml}\n${all}`))).not.toContain('02:00:5e')
  })

  it('says which of the speeds beside it are of software', () => {
    const text = `${speeds}/sys/class/net/rack/speed:10000\n${all}`
    expect(interfaces(text)).toEqual([...found, { name: 'ib0' }, { name: 'uplink' }])
  })

  it('leaves out a name that is none, with a remark', () => {
    const text = `${xml}\n${json(link('a b'), link('eno1'))}`
    expect(machineOf(text).networkInterfaces).toEqual([{ name: 'eno1' }])
    expect(readingOf(text).warnings).toMatchObject([{ code: 'value-ignored', field: '[0].ifname', detail: 'a b' }])
  })
})

describe('network interfaces of a machine', () => {
  const machine = machineOf(`${xml}\n${speeds}\n[{"ifname": "ib0", "flags": []}]`)

  it.each([
    ['JSON', writeMachines],
    ['CSV', writeMachinesCsv],
  ])('are read back from Berth’s own %s', (_, write) => {
    expect(machine.networkInterfaces).toHaveLength(4)
    expect(machineOf(write([machine]))).toEqual(machine)
    expect(machineOf(write([{ ...machine, networkInterfaces: [] }])).networkInterfaces).toEqual([])
  })

  it('change nothing when they are read twice, and tell a difference', () => {
    expect(mergeMachine(machine, machine)).toMatchObject({ machine, diff: { fields: [] } })
    const later = machineOf(
      `${xml}\n/sys/class/net/eno1/speed:10000\n/sys/class/net/eno3/speed:1000\n[{"ifname": "ib0", "flags": []},\n {"ifname": "ib1", "flags": []}]`,
    )
    const { machine: merged, diff } = mergeMachine(machine, later)
    expect(diff.fields).toEqual([
      { field: 'networkInterfaces.eno1.bitsPerSecond', before: 1e9, after: 10e9 },
      { field: 'networkInterfaces.eno3.bitsPerSecond', after: 1e9 },
      { field: 'networkInterfaces.ib1.name', after: 'ib1' },
    ])
    expect(merged.networkInterfaces).toEqual([
      { name: 'eno1', bitsPerSecond: 10e9 },
      { name: 'eno2', bitsPerSecond: 0 },
      { name: 'ens1f0np0', bitsPerSecond: 100e9 },
      { name: 'ib0' },
      { name: 'eno3', bitsPerSecond: 1e9 },
      { name: 'ib1' },
    ])
    expect(mergeMachine(merged, later).diff.fields).toEqual([])
  })

  it('stay where a tool tells nothing of them', () => {
    const { machine: merged, diff } = mergeMachine(machine, machineOf(xml))
    expect(merged).toEqual(machine)
    expect(diff.fields).toEqual([])
  })
})
