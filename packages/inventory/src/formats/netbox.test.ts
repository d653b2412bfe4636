import { gibibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, readingOf, sentenceOf } from '../testing/read.ts'

const module = (device: string | null, model: string, more: object = {}, attributes?: object) => ({
  id: 7,
  device: { id: 3, name: device, display: device },
  module_bay: { id: 1, name: 'PCIe 1' },
  module_type: { id: 2, manufacturer: { name: 'NVIDIA' }, model, profile: { name: 'GPU' }, attributes },
  status: { value: 'active', label: 'Active' },
  ...more,
})
const page = (...results: readonly unknown[]) =>
  JSON.stringify({ count: results.length, next: null, previous: null, results }, null, 1)
const psu = { ...module('lab-01', 'PSU-2000'), module_type: { manufacturer: { name: 'HPE' }, model: 'PSU-2000' } }
const card = (host: string, index: number, name: string, memory: object) => ({
  id: `${host}/gpu${index}`,
  index,
  name,
  backend: 'cuda',
  memoryTotal: 'nominal' in memory ? gibibytes(24) : 0,
  memory,
  unified: false,
})

const lineOf = (text: string, part: string) => text.split('\n').findIndex((line) => line.includes(part)) + 1

describe('modules of NetBox', () => {
  const nominal = { nominal: { bytes: gibibytes(24), provenance: 'typed' } }

  it('are cards of their devices, with the memory that a person has entered', () => {
    const text = page(
      module('lab-01', 'L4', {}, { memory: 24 }),
      psu,
      module('lab-02', 'L4'),
      module('lab-01', 'L4', {}, { memory: 24 }),
    )
    const { machines, warnings } = readingOf(text)
    expect(machines).toEqual([
      {
        id: 'lab-01',
        name: 'lab-01',
        devices: [card('lab-01', 0, 'L4', nominal), card('lab-01', 1, 'L4', nominal)],
        links: [],
      },
      { id: 'lab-02', name: 'lab-02', devices: [card('lab-02', 0, 'L4', {})], links: [] },
    ])
    expect(warnings).toMatchObject([{ code: 'memory-unknown' }])
  })

  it('are told and left out when they are not in service', () => {
    const spare = module('lab-01', 'L4', { status: { value: 'failed' } })
    expect(readingOf(page(module('lab-01', 'L40', {}, { memory: 24 }), spare))).toMatchObject({
      machines: [{ devices: [{ name: 'L40' }] }],
      warnings: [{ code: 'card-not-in-service', detail: 'L4 of lab-01, failed' }],
    })
    expect(sentenceOf(page(spare))).toMatch(/^Line 1 \(modules or devices of NetBox\): Nothing here says which GPUs/)
  })

  it('are refused with the field that is wrong', () => {
    expect(issueOf(page(module('a', 'L4', {}, { memory: 'big' })))).toMatchObject({
      code: 'value-invalid',
      field: 'results[0].module_type.attributes.memory',
      line: lineOf(page(module('a', 'L4', {}, { memory: 'big' })), '"big"'),
    })
    expect(issueOf(page(module(null, 'L4')))).toMatchObject({ code: 'field-missing', field: 'results[0].device.name' })
    expect(issueOf(page(...Array.from({ length: 129 }, () => module('a', 'L4'))))).toMatchObject({
      code: 'limit-exceeded',
      limit: 128,
    })
    expect(issueOf(page({ name: 'lab-01', device_type: { model: 'R750' } }))).toMatchObject({ code: 'no-devices' })
  })

  it.each([
    ['the form of an import', 'device,module_bay,module_type,status,serial'],
    ['titles of the table', 'Device,Module Bay,Module Type,Status,Serial number'],
  ])('are read from CSV: %s', (_, head) => {
    const text = `${head}
lab-01,PCIe 1,NVIDIA RTX A6000,active,S1
lab-01,PSU 1,PSU-2000,active,S2
lab-02,PCIe 1,Radeon Pro W7900,Active,S3
lab-02,PCIe 2,Radeon Pro W7900,planned,S4
`
    expect(readingOf(text)).toMatchObject({
      machines: [
        { name: 'lab-01', devices: [{ name: 'NVIDIA RTX A6000', backend: 'cuda' }] },
        { name: 'lab-02', devices: [{ name: 'Radeon Pro W7900', backend: 'rocm' }] },
      ],
      warnings: [{ code: 'card-not-in-service', line: 5 }, { code: 'memory-unknown' }, { code: 'memory-unknown' }],
    })
    expect(issueOf(text.replace('active,S2', 'active'))).toMatchObject({ code: 'malformed', line: 3 })
    expect(issueOf(text.replace('\nlab-01,PSU', '\n,PSU'))).toMatchObject({
      code: 'field-missing',
      line: 3,
      field: 'device',
    })
  })
})
