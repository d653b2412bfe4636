import { mebibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, machineOf, readingOf } from '../testing/read.ts'

const gpu = (index: number) => ({
  index,
  uuid: `GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e30${index}`,
  name: 'NVIDIA GeForce RTX 3090',
  'temperature.gpu': 41,
  'enforced.power.limit': 350,
  'memory.used': 412,
  'memory.total': 24576,
  processes: [],
})
const json = (change: object = {}) =>
  JSON.stringify(
    {
      hostname: 'lab-03',
      driver_version: '550.90.07',
      query_time: '2026-02-03T10:11:12',
      gpus: [gpu(0), { ...gpu(1), ...change }],
    },
    null,
    4,
  )
const text = `lab-03                       Tue Feb  3 10:11:12 2026  550.90.07
[0] NVIDIA GeForce RTX 3090 | 41'C,   0 % |   412 / 24576 MB | ana(400M)
[1] NVIDIA GeForce RTX 3090 | 38°C,  97 %,  301 / 350 W |   412 / 24576 MB |
`
const card = (index: number) => ({
  index,
  name: 'NVIDIA GeForce RTX 3090',
  backend: 'cuda',
  memoryTotal: mebibytes(24576),
  memory: { reported: { bytes: mebibytes(24576), provenance: 'measured' } },
  memoryUsed: mebibytes(412),
  unified: false,
})
const machine = { id: 'lab-03', name: 'lab-03', driverVersion: '550.90.07', links: [] }

describe('gpustat', () => {
  it('names its host, in JSON', () => {
    const device = (index: number) => ({
      ...card(index),
      id: gpu(index).uuid,
      uuid: gpu(index).uuid,
      powerLimitWatts: 350,
    })
    expect(machineOf(json())).toEqual({ ...machine, devices: [device(0), device(1)] })
    expect(machineOf(`host: ana-box\n${json()}`).name).toBe('ana-box')
  })

  it('names its host, on a screen', () => {
    const device = (index: number) => ({ ...card(index), id: `lab-03/gpu${index}` })
    expect(machineOf(text)).toEqual({ ...machine, devices: [device(0), device(1)] })
    expect(machineOf(`$ gpustat\n${text}`).name).toBe('lab-03')
    expect(machineOf(text.slice(text.indexOf('\n') + 1)).devices).toHaveLength(2)
  })

  it('joins what nvidia-smi prints of the same host', () => {
    const both = `${json()}\nhost: lab-03\nindex, uuid, compute_cap\n0, ${gpu(0).uuid}, 8.6\n1, ${gpu(1).uuid}, 8.6\n`
    expect(machineOf(both).devices).toMatchObject([{ architecture: '8.6' }, { architecture: '8.6' }])
  })

  it('names the field that is no figure', () => {
    expect(issueOf(json({ 'memory.total': 'all' }))).toMatchObject({
      code: 'value-invalid',
      format: 'gpustat-json',
      line: 23,
      field: 'gpus[1].memory.total',
    })
    expect(readingOf(json({ 'enforced.power.limit': 'low' })).warnings).toMatchObject([
      { code: 'value-ignored', line: 21 },
    ])
    const rows = Array.from({ length: 129 }, (_, index) => `[${index}] NVIDIA L4 | 1'C, 0 % | 1 / 2 MB |`).join('\n')
    expect(issueOf(rows)).toMatchObject({ code: 'limit-exceeded', limit: 128, format: 'gpustat-text' })
  })
})
