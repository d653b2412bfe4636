import { type Machine, machineId } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { fixture, issueOf, machineOf, readingOf } from '../testing/read.ts'
import { writeMachinesCsv } from './berth-csv.ts'
import { writeMachines } from './berth-json.ts'

const two = machineOf(`host: lab-01\n${fixture('smi-v12-two-3090.xml')}`)
const standing = {
  site: 'Berlin, room 3',
  owner: '=vision',
  labels: { rack: 'a;1', spare: '', 'berth.dev/pool': 'x y' },
}
const bare: Machine = { id: machineId('cpu-01'), name: 'cpu-01', devices: [], links: [] }

describe('what people say of a machine', () => {
  it.each([
    ['JSON', writeMachines],
    ['CSV', writeMachinesCsv],
  ])('comes back out of %s, beside the machine', (_, write) => {
    const { machines, told, warnings } = readingOf(write([{ ...two, ...standing }, bare]))
    expect(machines).toEqual([two, bare])
    expect(Object.fromEntries(told)).toEqual({ 'lab-01': standing, 'cpu-01': {} })
    expect(warnings).toEqual([])
  })

  it('is no formula in a spreadsheet', () => {
    expect(writeMachinesCsv([{ ...two, ...standing }])).toContain(",'=vision,")
  })

  it('stands in a table of its own, which says nothing of devices', () => {
    const { machines, told } = readingOf(
      'machine.name;machine.site;machine.labels\nlab-01;Hamburg;rack=b\nlab-02;;"tier=gold;spare"\n',
    )
    expect(machines).toMatchObject([
      { name: 'lab-01', devices: [] },
      { name: 'lab-02', devices: [] },
    ])
    expect(Object.fromEntries(told)).toEqual({
      'lab-01': { site: 'Hamburg', labels: { rack: 'b' }, devicesUntold: true },
      // an empty cell says nothing
      'lab-02': { labels: { tier: 'gold', spare: '' }, devicesUntold: true },
    })
  })

  it('loses the spaces around it', () => {
    const text = writeMachines([{ ...bare, site: ' Berlin ', labels: { rack: ' a ' } }])
    expect(readingOf(text).told.get('cpu-01')).toEqual({ site: 'Berlin', labels: { rack: 'a' } })
  })

  const many = Object.fromEntries(Array.from({ length: 101 }, (_, at) => [`k${at}`, '']))
  it.each<[object, object]>([
    [{ site: '' }, { code: 'value-invalid', field: 'site' }],
    [{ site: 7 }, { code: 'value-invalid', field: 'site' }],
    [{ owner: 'x'.repeat(201) }, { code: 'limit-exceeded', field: 'owner', limit: 200 }],
    [{ labels: [] }, { code: 'value-invalid', field: 'labels' }],
    [{ labels: { 'a b': '' } }, { code: 'value-invalid', field: 'labels.a b' }],
    [{ labels: { rack: 1 } }, { code: 'value-invalid', field: 'labels.rack' }],
    [{ labels: { rack: 'x'.repeat(64) } }, { code: 'limit-exceeded', field: 'labels.rack', limit: 63 }],
    [{ labels: many }, { code: 'limit-exceeded', field: 'labels', limit: 100 }],
  ])('is refused as %j', (said, issue) => {
    expect(issueOf(JSON.stringify({ berth: 'machine', version: 1, ...bare, ...said }))).toMatchObject(issue)
  })

  it.each(['a b=c', 'rack=a;rack=b', `rack=${'x'.repeat(64)}`])('has no labels %j in a cell', (cell) => {
    expect(issueOf(`machine.name,machine.labels\nlab-01,${cell}\n`)).toMatchObject({
      code: 'value-invalid',
      field: 'machine.labels',
      line: 2,
    })
  })

  it('is read of a thousand machines, and not of more', () => {
    const fleet = (count: number) =>
      Array.from({ length: count }, (_, at) => ({
        ...bare,
        ...standing,
        id: machineId(`m${at}`),
        name: `m${at}`,
        devices: two.devices.map((device) => ({ ...device, id: `${at}-${device.id}`, uuid: `${at}-${device.uuid}` })),
      })) as unknown as readonly Machine[]
    for (const write of [writeMachines, writeMachinesCsv]) {
      const began = performance.now()
      expect(readingOf(write(fleet(1000))).machines).toHaveLength(1000)
      expect(performance.now() - began).toBeLessThan(5000)
      expect(issueOf(write(fleet(1001)))).toMatchObject({ code: 'limit-exceeded', limit: 1000 })
    }
  })
})
