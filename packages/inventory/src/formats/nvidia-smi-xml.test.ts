import { mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { devicesOf, fixture, issueOf, machineOf, readingOf, sentenceOf, warningCodes } from '../testing/read.ts'

const measured = (mib: number) => ({ bytes: mebibytes(mib), provenance: 'measured' })

describe('nvidia-smi -q -x', () => {
  it('reads DTD v12: every figure, no invented ones', () => {
    const machine = machineOf(fixture('smi-v12-two-3090.xml'), { hostName: 'lab-07' })
    expect(machine).toEqual({
      id: 'lab-07',
      name: 'lab-07',
      driverVersion: '535.104.05',
      links: [],
      devices: [
        {
          id: 'GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e301',
          index: 0,
          name: 'NVIDIA GeForce RTX 3090',
          backend: 'cuda',
          memoryTotal: mebibytes(24260),
          memory: { reported: measured(24576), driverReserved: measured(316) },
          memoryUsed: mebibytes(412),
          unified: false,
          uuid: 'GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e301',
          pciBusId: '00000000:01:00.0',
          pcie: { generation: 1, generationMax: 4, width: 8, widthMax: 16 },
          powerLimitWatts: 280,
          powerDefaultWatts: 350,
          displayAttached: true,
        },
        {
          id: 'GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e302',
          index: 1,
          name: 'NVIDIA GeForce RTX 3090',
          backend: 'cuda',
          memoryTotal: mebibytes(24260),
          memory: { reported: measured(24576), driverReserved: measured(316) },
          memoryUsed: mebibytes(1),
          unified: false,
          uuid: 'GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e302',
          pciBusId: '00000000:21:00.0',
          pcie: { generation: 1, generationMax: 4, width: 8, widthMax: 16 },
          powerLimitWatts: 350,
          powerDefaultWatts: 350,
          displayAttached: false,
        },
      ],
    })
    expect(readingOf(fixture('smi-v12-two-3090.xml')).warnings).toEqual([])
  })

  it('reads DTD v9: cards out of PCI order, no reserved, no MIG, enforced power limit', () => {
    const devices = devicesOf(fixture('smi-v9-two-1080-ti.xml'))
    expect(devices.map((device) => [device.index, device.pciBusId, device.name])).toEqual([
      [0, '00000000:09:00.0', 'GeForce GTX 1080 Ti'],
      [1, '00000000:0A:00.0', 'GeForce GTX 1080 Ti'],
    ])
    expect(devices[0]).toMatchObject({
      memoryTotal: mebibytes(11178),
      memory: { reported: measured(11178) },
      memoryUsed: mebibytes(614),
      powerLimitWatts: 225,
      powerDefaultWatts: 250,
      displayAttached: true,
      pcie: { generation: 3, generationMax: 3, width: 16, widthMax: 16 },
    })
    expect(devices[1]).toMatchObject({ displayAttached: false, pcie: { width: 8 } })
    expect(devices[0]).not.toHaveProperty('eccEnabled')
    expect(devices[0]).not.toHaveProperty('migEnabled')
  })

  it('reads DTD v13: no display is driven though one counts as attached, ECC off, renamed power readings', () => {
    expect(devicesOf(fixture('smi-v13-rtx-pro.xml'))[0]).toMatchObject({
      memory: { reported: measured(48935), driverReserved: measured(531) },
      memoryTotal: mebibytes(48404),
      displayAttached: false,
      eccEnabled: false,
      powerLimitWatts: 300,
      pcie: { generation: 1, generationMax: 4, width: 8, widthMax: 16 },
    })
  })

  it('puts MIG slices, with their own memory, in place of their parent', () => {
    const parent = 'GPU-5d1f30c7-90ab-4c12-b7b0-2f0e6f3c5a10'
    const devices = devicesOf(fixture('smi-v11-mig.xml'))
    expect(devices).toHaveLength(2)
    expect(devices[0]).toEqual({
      id: `${parent}/mig0`,
      index: 0,
      name: 'NVIDIA A100-PCIE-40GB MIG 0',
      backend: 'cuda',
      memoryTotal: mebibytes(20096),
      memory: { reported: measured(20096) },
      memoryUsed: mebibytes(21),
      unified: false,
      pciBusId: '00000000:C1:00.0',
      pcie: { generation: 4, generationMax: 4, width: 16, widthMax: 16 },
      eccEnabled: true,
      displayAttached: false,
      migEnabled: true,
      migParent: parent,
    })
    expect(devices[1]).toMatchObject({
      id: `${parent}/mig1`,
      index: 1,
      memoryTotal: mebibytes(9856),
      migParent: parent,
    })
  })

  it('reads what a failing driver still prints, and says what it left out', () => {
    const { machines, warnings } = readingOf(fixture('smi-odd.xml'))
    expect(machines[0]!.devices.map(({ id, name, memoryTotal }) => [id, name, memoryTotal])).toEqual([
      ['GPU-31fe9c0a-0d8e-4a57-8c3a-90d5f21b6c03', 'GeForce GT 730', 0],
      ['pci:00000002:00:00.0', 'Unknown GPU', 0],
      ['GPU-31fe9c0a-0d8e-4a57-8c3a-90d5f21b6c01', 'Tesla K80', mebibytes(11441)],
    ])
    expect(machines[0]!.devices[2]).not.toHaveProperty('memoryUsed')
    expect(warnings.map(({ code, line, field }) => [code, line, field])).toEqual([
      ['value-ignored', 11, 'power_readings/enforced_power_limit'],
      ['memory-unknown', 18, undefined],
      ['name-unknown', 13, undefined],
      ['memory-unknown', 13, undefined],
    ])
  })

  it('works out what the driver keeps where it prints no reserved', () => {
    const text = fixture('smi-v12-two-3090.xml').replaceAll(/\t*<reserved>.*\n/g, '')
    expect(devicesOf(text)[0]!.memory.driverReserved).toEqual(measured(24576 - 412 - 23847))
  })

  it('keeps a masked UUID from identifying cards', () => {
    const masked = fixture('smi-v13-rtx-pro.xml').replace(/GPU-[0-9a-f-]+/, 'GPU-00000000-0000-0000-0000-000000000000')
    expect(devicesOf(masked)[0]).toMatchObject({ id: 'pci:00000000:61:00.0' })
    expect(devicesOf(masked)[0]).not.toHaveProperty('uuid')
  })

  it('does not number GPUs when only some are shown', () => {
    const text = fixture('smi-v12-two-3090.xml').replace('<attached_gpus>2<', '<attached_gpus>4<')
    expect(warningCodes(text)).toEqual(['gpus-not-shown'])
  })

  it.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['CR CR LF of a Windows pipe', (text: string) => text.replaceAll('\n', '\r\r\n')],
    ['a byte order mark', (text: string) => `\u{feff}${text}`],
    ['NULs of UTF-16 read as UTF-8', (text: string) => `\u{fffd}\u{fffd}${[...text].join('\0')}`],
    ['lost tabs', (text: string) => text.replaceAll('\t', '')],
    ['colour codes', (text: string) => text.replaceAll('<uuid>', '\u001b[1;32m<uuid>\u001b[0m')],
    ['no prolog', (text: string) => text.slice(text.indexOf('<nvidia_smi_log>'))],
    ['no-break spaces', (text: string) => text.replaceAll('24576 MiB', '24576\u{a0}MiB')],
  ])('reads the same with %s', (_, spoil) => {
    const text = fixture('smi-v12-two-3090.xml')
    expect(devicesOf(spoil(text))).toEqual(devicesOf(text))
  })

  it.each([
    ['an embedded DTD', (text: string) => text.replace(/SYSTEM "[^"]*"/, '[\n<!ELEMENT nvidia_smi_log (gpu*)>\n]'), 3],
    ['an entity', (text: string) => text.replace(/SYSTEM "[^"]*"/, '[<!ENTITY a "aaaa">]'), 2],
    [
      'an entity of a file',
      (text: string) => text.replace(/SYSTEM "[^"]*"/, 'SYSTEM "x" [<!ENTITY a SYSTEM "file:///x">]'),
      2,
    ],
    ['a subset without declarations', (text: string) => text.replace(/SYSTEM "[^"]*"/, '[ %x; ]'), 2],
  ])('refuses %s', (_, spoil, line) => {
    expect(issueOf(spoil(fixture('smi-v12-two-3090.xml')))).toMatchObject({ code: 'dtd-refused', line, section: 1 })
  })

  it('leaves entities in values alone', () => {
    const text = fixture('smi-v13-rtx-pro.xml').replace('Blackwell', '&lt;&#65;&amp;')
    expect(devicesOf(text)[0]!.name).toBe('NVIDIA RTX PRO 5000 &lt;&#65;&amp;')
  })

  it('refuses output that is cut short, damaged or without its beginning, and names the line', () => {
    const text = fixture('smi-v12-two-3090.xml')
    const lines = text.split('\n')
    expect(issueOf(lines.slice(0, 90).join('\n'))).toMatchObject({
      code: 'truncated',
      line: 90,
      format: 'nvidia-smi-xml',
    })
    expect(issueOf(text.replace('</uuid>', '</uiud>'))).toMatchObject({ code: 'malformed', line: 20 })
    expect(sentenceOf(lines.slice(7).join('\n'))).toBe(
      'Line 1: The output is cut short: the XML does not begin with <nvidia_smi_log>: <gpu id="00000000:01:00.0">. Copy all of it and paste again.',
    )
  })

  it.each([
    ['<total>24576 MiB</total>', '<total>lots MiB</total>'],
    ['<total>24576 MiB</total>', '<total>-24576 MiB</total>'],
    ['<total>24576 MiB</total>', '<total>999999999999999999 MiB</total>'],
    ['<total>24576 MiB</total>', '<total>24576 parsecs</total>'],
  ])('refuses a memory size that is none: %s as %s', (good, bad) => {
    const text = fixture('smi-v12-two-3090.xml').replace(good, bad)
    const line = text.split('\n').findIndex((candidate) => candidate.includes(bad)) + 1
    for (const ending of ['\r\n', '\r\r\n', '\r']) {
      expect(issueOf(text.replaceAll('\n', ending))).toMatchObject({ code: 'value-invalid', line })
    }
    expect(issueOf(text)).toMatchObject({ code: 'value-invalid', line, field: 'fb_memory_usage/total' })
  })

  it('takes a host without GPUs for an answer', () => {
    const text =
      '<nvidia_smi_log><driver_version>550.54</driver_version><attached_gpus>0</attached_gpus></nvidia_smi_log>'
    expect(machineOf(text)).toEqual({
      id: 'machine-1',
      name: 'machine-1',
      driverVersion: '550.54',
      devices: [],
      links: [],
    })
    expect(warningCodes(text)).toEqual(['no-devices'])
  })

  it('refuses more GPUs than a machine can have', () => {
    const gpu = (bus: number) => `<gpu id="00000000:00:00.${bus.toString(16)}"><product_name>x</product_name></gpu>\n`
    const text = `<nvidia_smi_log>\n${Array.from({ length: 129 }, (_, place) => gpu(place % 16)).join('')}</nvidia_smi_log>`
    expect(issueOf(text)).toMatchObject({ code: 'limit-exceeded', limit: 128, line: 130, field: 'gpu' })
  })

  it('refuses tags nested without end', () => {
    const text = `<nvidia_smi_log>${'<a>'.repeat(5000)}${'</a>'.repeat(5000)}</nvidia_smi_log>`
    expect(issueOf(text)).toMatchObject({ code: 'malformed', line: 1 })
  })

  it('refuses one card twice', () => {
    const text = fixture('smi-v12-two-3090.xml').replaceAll('00000000:21:00.0', '00000000:01:00.0')
    expect(issueOf(text.replaceAll('a9e302', 'a9e301'))).toMatchObject({ code: 'duplicate-device' })
  })
})
