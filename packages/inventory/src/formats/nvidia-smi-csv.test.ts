import { mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { devicesOf, issueOf, machineOf, readingOf, sentenceOf, warningCodes } from '../testing/read.ts'

const measured = (mib: number) => ({ bytes: mebibytes(mib), provenance: 'measured' })

const full = `index, name, uuid, pci.bus_id, memory.total [MiB], memory.reserved [MiB], memory.used [MiB], compute_cap, driver_version, pcie.link.gen.current, pcie.link.gen.max, pcie.link.width.current, pcie.link.width.max, power.limit [W], power.default_limit [W], ecc.mode.current, mig.mode.current, display_active
0, NVIDIA RTX A6000, GPU-c0f5f6d4-8f2b-4d92-b8a0-5d6a4b8f1a00, 00000000:17:00.0, 49140 MiB, 600 MiB, 35 MiB, 8.6, 550.54.15, 1, 4, 16, 16, 300.00 W, 300.00 W, Disabled, [N/A], Disabled
1, NVIDIA RTX A6000, GPU-c0f5f6d4-8f2b-4d92-b8a0-5d6a4b8f1a01, 00000000:65:00.0, 49140 MiB, 600 MiB, 20 MiB, 8.6, 550.54.15, 4, 4, 8, 16, 250.00 W, 300.00 W, Enabled, [N/A], Enabled
`

describe('nvidia-smi --query-gpu', () => {
  it('reads every column it knows', () => {
    const machine = machineOf(full)
    expect(machine.driverVersion).toBe('550.54.15')
    expect(machine.devices).toHaveLength(2)
    expect(machine.devices[1]).toEqual({
      id: 'GPU-c0f5f6d4-8f2b-4d92-b8a0-5d6a4b8f1a01',
      index: 1,
      name: 'NVIDIA RTX A6000',
      backend: 'cuda',
      memoryTotal: mebibytes(48540),
      memory: { reported: measured(49140), driverReserved: measured(600) },
      memoryUsed: mebibytes(20),
      unified: false,
      uuid: 'GPU-c0f5f6d4-8f2b-4d92-b8a0-5d6a4b8f1a01',
      pciBusId: '00000000:65:00.0',
      architecture: '8.6',
      pcie: { generation: 4, generationMax: 4, width: 8, widthMax: 16 },
      powerLimitWatts: 250,
      powerDefaultWatts: 300,
      eccEnabled: true,
      displayAttached: true,
    })
  })

  it.each([
    ['no units in cells (nounits)', full.replace(/ (?:MiB|W)(?=,)/g, '')],
    ['no units anywhere', full.replace(/ \[(?:MiB|W)\]/g, '').replace(/ (?:MiB|W)(?=,)/g, '')],
    ['semicolons of a spreadsheet', full.replaceAll(', ', ';')],
    ['tabs of a spreadsheet', full.replaceAll(', ', '\t')],
    ['quotes of a spreadsheet', full.replaceAll(/([^,\n]+)(?:, |(?=\n))/g, '"$1",').replaceAll(',\n', '\n')],
    ['no spaces', full.replaceAll(', ', ',')],
    ['the older aliases', full.replace('name, uuid', 'gpu_name, gpu_uuid').replace('pci.bus_id', 'gpu_bus_id')],
    [
      'rows out of order',
      full
        .split('\n')
        .toSpliced(1, 2, ...full.split('\n').slice(1, 3).toReversed())
        .join('\n'),
    ],
    ['the same again and again (-l 1)', `${full}${full.split('\n').slice(1).join('\n')}`],
  ])('reads the same with %s', (_, text) => {
    expect(machineOf(text)).toEqual(machineOf(full))
  })

  it('keeps cards apart whose UUIDs are masked', () => {
    const masked = 'GPU-00000000-0000-0000-0000-000000000000'
    const text = `uuid, name, index\n${masked}, NVIDIA L4, 0\n${masked}, NVIDIA L4, 1\n`
    expect(devicesOf(text).map((device) => device.id)).toEqual(['machine-1/gpu0', 'machine-1/gpu1'])
    expect(devicesOf(text.replaceAll(/, \d(?=\n)/g, ', [N/A]'))).toHaveLength(2)
  })

  it('works out what the driver keeps where total, used and free do not add up', () => {
    const text =
      'index, name, memory.total [MiB], memory.used [MiB], memory.free [MiB]\n0, NVIDIA L4, 23034 MiB, 10 MiB, 22563 MiB\n'
    expect(devicesOf(text)[0]).toMatchObject({
      id: 'machine-1/gpu0',
      memory: { reported: measured(23034), driverReserved: measured(461) },
      memoryTotal: mebibytes(22573),
      memoryUsed: mebibytes(10),
    })
  })

  it('takes a bare number for MiB and honours another unit', () => {
    expect(devicesOf('name, memory.total\nNVIDIA L4, 23034\n')[0]!.memoryTotal).toBe(mebibytes(23034))
    expect(devicesOf('name, memory.total [KiB]\nNVIDIA L4, 23586816\n')[0]!.memoryTotal).toBe(mebibytes(23034))
    expect(devicesOf('name, memory.total\nNVIDIA L4, 22.5 GiB\n')[0]!.memoryTotal).toBe(mebibytes(23040))
  })

  it('numbers rows by their order when the index is not asked for', () => {
    const text = 'name, memory.total [MiB]\nNVIDIA L4, 23034 MiB\nNVIDIA A10, 23028 MiB\n'
    expect(devicesOf(text).map((device) => device.name)).toEqual(['NVIDIA L4', 'NVIDIA A10'])
  })

  it('ignores columns it does not know and cells that say nothing', () => {
    const text =
      'uuid, name, memory.total [MiB], fan.speed [%], future.field, serial\nGPU-aaaa0001-0000-4000-8000-000000000001, NVIDIA H100 PCIe, 81559 MiB, [N/A], maybe, [N/A]\n'
    expect(devicesOf(text)).toHaveLength(1)
    const silent =
      'uuid, name, memory.total [MiB], pci.bus_id\n[Unknown Error], NVIDIA H100 PCIe, [GPU is lost], [N/A]\n'
    expect(devicesOf(silent)[0]).toMatchObject({ id: 'machine-1/gpu0', memoryTotal: 0, memory: {} })
    expect(warningCodes(silent)).toEqual(['memory-unknown'])
  })

  it('leaves out a minor value that cannot be read, with a warning', () => {
    const { machines, warnings } = readingOf(full.replace('8.6, 550', 'eight, 550'))
    expect(machines[0]!.devices[0]).not.toHaveProperty('architecture')
    expect(warnings).toEqual([
      { code: 'value-ignored', section: 1, format: 'nvidia-smi-csv', line: 2, field: 'compute_cap', detail: 'eight' },
    ])
  })

  it.each([
    ['0, NVIDIA GeForce RTX 4070, 12282, 551.86', 1],
    ['0, NVIDIA GeForce RTX 4070, 12282 MiB', 1],
    ['GPU-c0f5f6d4-8f2b-4d92-b8a0-5d6a4b8f1a00, 12282', 1],
  ])('refuses a table without header: %s', (text, line) => {
    expect(issueOf(text)).toMatchObject({ code: 'header-missing', line })
    expect(sentenceOf(text)).toContain('nvidia-smi --query-gpu=index,name,uuid,pci.bus_id,memory.total')
  })

  it('knows the columns of a headerless table by the command above it', () => {
    const command = 'ann@lab-03:~$ nvidia-smi --query-gpu=index,name,memory.total,memory.used --format=csv,noheader'
    const rows = '0, NVIDIA L4, 23034 MiB, 12 MiB\n1, NVIDIA L4, 23034 MiB, 1 MiB\n'
    expect(machineOf(`${command}\n${rows}`)).toEqual({
      ...machineOf(`host: lab-03\nindex, name, memory.total [MiB], memory.used [MiB]\n${rows}`),
    })
    expect(devicesOf(`${command},nounits\n${rows.replaceAll(' MiB', '')}`)).toHaveLength(2)
    // One cell less than was asked for: the columns are not known after all.
    expect(issueOf(`${command}\n0, NVIDIA L4, 23034 MiB\n`)).toMatchObject({ code: 'header-missing', line: 2 })
    expect(issueOf(`${command}\n${rows}2, NVIDIA L4\n`)).toMatchObject({ code: 'malformed', line: 4 })
  })

  it('reads the host and its system where the driver tells them', () => {
    const text = `hostname, index, name, memory.total [MiB], driver_model.current
lab-07, 0, NVIDIA L4, 23034 MiB, [N/A]
lab-08, 0, NVIDIA RTX A6000, 49140 MiB, WDDM
`
    expect(readingOf(text).machines).toMatchObject([
      { name: 'lab-07', devices: [{ name: 'NVIDIA L4' }] },
      { name: 'lab-08', os: 'windows', devices: [{ name: 'NVIDIA RTX A6000' }] },
    ])
    expect(machineOf(text.replaceAll(/lab-0\d/g, '[N/A]')).devices).toHaveLength(1)
    expect(issueOf('hostname\nlab-07\n')).toMatchObject({ code: 'unrecognised', line: 1 })
    expect(issueOf(text.replace('lab-07', '[N/A]'))).toMatchObject({
      code: 'value-invalid',
      field: 'hostname',
      line: 2,
    })
  })

  it('works out what is used where only the total and what is free are asked for', () => {
    const text = 'name, memory.total [MiB], memory.free [MiB]\nNVIDIA L4, 23034 MiB, 22000 MiB\n'
    expect(devicesOf(text)[0]).toMatchObject({ memory: { reported: measured(23034) }, memoryUsed: mebibytes(1034) })
  })

  it('takes a display that is driven for attached, not a card that could drive one', () => {
    const text = 'name, memory.total [MiB], display_attached, display_active\nNVIDIA L40S, 46068 MiB, Yes, Disabled\n'
    expect(devicesOf(text)[0]).toMatchObject({ displayAttached: false })
    expect(devicesOf(text.replace(', display_active', '').replace(', Disabled', ''))[0]).toMatchObject({
      displayAttached: true,
    })
  })

  it('refuses a row that is no row of the table', () => {
    expect(issueOf(full.replace(', 8.6, 550.54.15, 1,', ', 8.6, 1,'))).toMatchObject({ code: 'malformed', line: 2 })
    expect(issueOf(full.replace('49140 MiB', 'plenty'))).toMatchObject({
      code: 'value-invalid',
      line: 2,
      field: 'memory.total',
      detail: 'plenty',
    })
  })

  it('refuses more rows than a machine has devices', () => {
    const rows = Array.from({ length: 129 }, (_, index) => `${index}, NVIDIA L4, 23034 MiB`)
    const text = ['index, name, memory.total [MiB]', ...rows].join('\n')
    expect(issueOf(text)).toMatchObject({ code: 'limit-exceeded', limit: 128, line: 130 })
    expect(devicesOf(text.split('\n').slice(0, 129).join('\n'))).toHaveLength(128)
  })

  it('says that MIG slices are not in this table', () => {
    const text = full.replace('Disabled, [N/A], Disabled', 'Disabled, Enabled, Disabled')
    expect(devicesOf(text)[0]).toMatchObject({ migEnabled: true })
    expect(warningCodes(text)).toEqual(['mig-slices-unknown'])
  })

  it('recognises other queries and reads nothing from them', () => {
    const apps =
      'timestamp, gpu_name, gpu_uuid, pid, process_name, used_gpu_memory [MiB]\n2026/01/01 10:00:00.000, NVIDIA RTX A6000, GPU-c0f5f6d4-8f2b-4d92-b8a0-5d6a4b8f1a00, 12, python, 700 MiB\n'
    expect(machineOf(`${full}\n${apps}`)).toEqual(machineOf(full))
    expect(warningCodes(`${full}\n${apps}`)).toEqual(['section-ignored'])
    expect(issueOf(apps)).toMatchObject({ code: 'no-devices', format: 'nvidia-smi-csv-other' })
  })
})
