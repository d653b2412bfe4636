import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fleetCsv, smallFleet } from '../../test/fleet.ts'
import { smiCsv } from '../../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

let berth: TestServer
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(async () => {
  await wipe()
  await importText(fleetCsv(smallFleet))
})

const wipe = () => berth.database.client.machine.deleteMany()
const importText = (text: string) => berth.call('POST', '/api/v1/machines/import', { text })
const every = async (): Promise<readonly Answer[]> => (await berth.call('GET', '/api/v1/machines?sort=name')).body.items
const exported = async (query: string) => {
  const answer = await berth.server.inject({ url: `/api/v1/machines/export?${query}`, headers: { host: 'localhost' } })
  return { status: answer.statusCode, text: answer.body, headers: answer.headers }
}
/** Machines get another id each time they are made. */
const anonymous = (text: string) => text.replaceAll(/[\da-f]{8}-[\da-f]{4}-7[\da-f-]{21}/g, '')
/** A machine without what every saving gives anew. */
const lasting = ({ id: _id, revision: _r, createdAt: _c, updatedAt: _u, readAt: _read, ...machine }: Answer) => machine

describe.each([
  ['csv', 'text/csv; charset=utf-8'],
  ['json', 'application/json; charset=utf-8'],
])('an export as %s', (format, type) => {
  it('is a file that makes the same machines of nothing, and changes nothing of them', async () => {
    await berth.call('POST', '/api/v1/sample-lab')
    await berth.database.client.machine.updateMany({ data: { sample: false } })
    const before = await every()
    expect(before.length).toBeGreaterThan(9)
    const { status, text, headers } = await exported(`format=${format}`)
    expect([status, headers['content-type']]).toEqual([200, type])
    expect(headers['content-disposition']).toBe(`attachment; filename="berth-machines.${format}"`)
    const again = (await importText(text)).body.machines
    expect(again).toHaveLength(before.length)
    expect(again.every(({ change }: Answer) => change === 'unchanged')).toBe(true)
    expect(await every()).toEqual(before)
    await wipe()
    expect((await importText(text)).status).toBe(200)
    expect((await every()).map(lasting)).toEqual(before.map(lasting))
    expect(anonymous((await exported(`format=${format}`)).text)).toBe(anonymous(text))
  })

  it('holds what passes the filter, or what is named', async () => {
    const [first] = await every()
    const { text } = await exported(`format=${format}&site=Hamburg`)
    expect(text).toContain('ham-2')
    expect(text).not.toContain('lab-1')
    const one = (await exported(`format=${format}&id=${first.id}`)).text
    expect(one).toContain(first.name)
    expect(one).not.toContain('ham-1')
  })
})

it('is refused in another format, and names no formula', async () => {
  expect((await exported('format=xlsx')).status).toBe(400)
  expect(JSON.parse((await exported('')).text)).toMatchObject({ code: 'invalid-input', fields: [{ path: 'format' }] })
  expect((await exported('format=csv&state=asleep')).status).toBe(400)
  const [first] = await every()
  for (const sign of ['=', '+', '-', '@']) {
    await berth.call('PATCH', `/api/v1/machines/${first.id}`, { name: `${sign}1+1`, site: `${sign}cmd` })
    const { text } = await exported('format=csv')
    expect(text).toContain(`'${sign}1+1,`)
    expect(text).not.toMatch(/(?:^|[,;\t"])[=+@]|(?:^|[,"])-(?!\d)/m)
    expect((await importText(text)).body.machines.map(({ change }: Answer) => change)).not.toContain('changed')
  }
})

describe('a table of machines alone', () => {
  it('changes site, owner and labels, and nothing of the devices', async () => {
    await importText(smiCsv([{ memoryMib: 24_576 }]))
    const before = await every()
    const text = 'machine.name;machine.site;machine.labels\nlab-1;Hamburg;\nmachine-1;Köln;rack=z\nham-2;;rack=b\n'
    const preview = await berth.call('POST', '/api/v1/machines/import/preview', { text })
    expect(preview.body.machines).toMatchObject([
      { change: 'changed', differences: [{ path: 'site', before: 'Berlin', after: 'Hamburg' }] },
      {
        change: 'changed',
        differences: [
          { path: 'site', before: null, after: 'Köln' },
          { path: 'labels', before: null, after: 'rack=z' },
        ],
      },
      { change: 'changed', differences: [{ path: 'labels', before: null, after: 'rack=b' }] },
    ])
    expect((await importText(text)).body.machines.map(({ change }: Answer) => change)).toEqual(
      Array.from({ length: 3 }, () => 'changed'),
    )
    const after = await every()
    expect(after.map(({ devices, readAt }) => [devices, readAt])).toEqual(
      before.map(({ devices, readAt }) => [devices, readAt]),
    )
    const said = Object.fromEntries(after.map(({ name, site, labels }) => [name, [site, labels]]))
    expect(said).toMatchObject({
      'lab-1': ['Hamburg', { rack: 'a', tier: 'gold' }],
      'machine-1': ['Köln', { rack: 'z' }],
      'ham-2': ['Hamburg', { rack: 'b' }],
    })
    expect((await importText(text)).body.machines.map(({ change }: Answer) => change)).toEqual(
      Array.from({ length: 3 }, () => 'unchanged'),
    )
    expect(await every()).toEqual(after)
  })

  it('leaves a missing GPU missing', async () => {
    const gpu = 'NVIDIA GeForce RTX 3090'
    await importText(fleetCsv([['lab-1', '', '', '', gpu, 1, 1]]))
    const [, , , before] = await every()
    expect(before).toMatchObject({ name: 'lab-1', missingDevices: [{}] })
    await importText('machine.name,machine.hostMemoryTotal,machine.owner\nlab-1,256 GiB,ops\n')
    const [, , , after] = await every()
    expect(after).toMatchObject({ owner: 'ops', hostMemoryTotal: 256 * 1024 ** 3, devices: before.devices })
    expect(after.missingDevices).toEqual(before.missingDevices)
  })

  it('makes a machine without a GPU of a name that is not known', async () => {
    const { body } = await importText('machine.name,machine.site,machine.hostMemoryTotal\nnew-1,Berlin,64 GiB\n')
    expect(body.machines).toMatchObject([{ change: 'new', machine: { site: 'Berlin', devices: [], labels: {} } }])
  })

  it('is refused with what no screen should show', async () => {
    const json = { berth: 'machine', version: 1, id: 'x', name: 'x', devices: [], links: [], site: 'a\u202Eb' }
    expect(await importText(JSON.stringify(json))).toMatchObject({
      status: 400,
      body: { code: 'invalid-input', fields: [{ path: 'told.x.site' }] },
    })
  })
})
