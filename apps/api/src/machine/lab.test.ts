import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { labTable, labText } from '../../test/lab-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const MIB = 1024 ** 2
const GIB = 1024 ** 3

let berth: TestServer
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())

const preview = async (text: string): Promise<Answer> =>
  (await berth.call('POST', '/api/v1/machines/import/preview', { text })).body.machines
const save = async (text: string): Promise<Answer> =>
  (await berth.call('POST', '/api/v1/machines/import', { text })).body.machines
const list = async (): Promise<Answer> => (await berth.call('GET', '/api/v1/machines?limit=100')).body.items

/** How many machines stand at each change. */
const tally = (machines: Answer): Readonly<Record<string, number>> => {
  const changes: readonly string[] = machines.map(({ change }: Answer) => change)
  return Object.fromEntries(changes.map((change) => [change, changes.filter((other) => other === change).length]))
}

const now = labText({ driver: '570.86.10', radeons: 2 })

/** Name, devices, and MiB that plans may use of the first. */
const twelve = [
  ['rack-01', 2, 24_260],
  ['rack-02', 2, 46_068],
  ['rack-03', 1, 48_542],
  ['rack-04', 1, 24_080],
  ['rack-05', 2, 24_560],
  ['rack-06', 1, 196_592],
  // Three quarters of 192 GiB: Metal's share, which system_profiler does not print.
  ['studio', 1, 147_456],
  ['rack-07', 1, 24_480],
  // The catalogue's, less what the driver may keep: Slurm knows no memory.
  ['gpu-s1', 2, 80_800],
  ['gpu-s2', 1, 22_503],
  ['worker-1', 2, 81_559],
  ['spare-01', 2, 24_576],
]

async function registers(): Promise<void> {
  expect(tally(await preview(now))).toEqual({ new: 11 })
  expect(await list()).toEqual([])
  expect(tally(await save(now))).toEqual({ new: 11 })
  expect(tally(await preview(labTable))).toEqual({ new: 1 })
  await save(labTable)
  const machines = await list()
  expect(
    machines
      .map(({ name, devices }: Answer) => [name, devices.length, Math.floor(devices[0].memoryTotal / MIB)])
      .toSorted(([a]: [string], [b]: [string]) => a.localeCompare(b)),
  ).toEqual(twelve.toSorted(([a], [b]) => String(a).localeCompare(String(b))))
}

async function keepsWhatToolsTold(): Promise<void> {
  const machines = new Map((await list()).map((machine: Answer) => [machine.name, machine]))
  expect(machines.get('rack-01')).toMatchObject({
    driverVersion: '570.86.10',
    devices: [{ powerLimitWatts: 280, powerDefaultWatts: 350, pcie: { width: 4, widthMax: 16 } }, {}],
    links: [{ kind: 'NV4' }],
  })
  expect(machines.get('rack-06')).toMatchObject({ devices: [{ powerLimitWatts: 700, computeUnits: 304 }] })
  expect(machines.get('studio')).toMatchObject({
    os: 'macos',
    hostMemoryTotal: 192 * GIB,
    devices: [{ unified: true, memory: { runtime: { provenance: 'catalogue' } } }],
  })
  expect(machines.get('gpu-s1')).toMatchObject({
    cpuCores: 64,
    hostMemoryTotal: 515_000 * MIB,
    devices: [{ memory: { nominal: { bytes: 80 * GIB, provenance: 'catalogue' } } }, {}],
  })
  expect(machines.get('spare-01')).toMatchObject({ devices: [{ memory: { nominal: { provenance: 'typed' } } }, {}] })
}

async function isNotChangedByTheSame(): Promise<void> {
  expect(tally(await preview(now + labTable))).toEqual({ unchanged: 12 })
  expect(tally(await save(now + labTable))).toEqual({ unchanged: 12 })
  const before = await list()
  const { payload } = await berth.server.inject({
    url: '/api/v1/machines/export?format=json',
    headers: { host: 'localhost' },
  })
  expect(tally(await preview(payload))).toEqual({ unchanged: 12 })
  expect(tally(await save(payload))).toEqual({ unchanged: 12 })
  expect(await list()).toEqual(before)
}

async function showsWhatChanged(): Promise<void> {
  const later = labText({ driver: '580.95.05', radeons: 1 })
  const machines = await preview(later)
  expect(tally(machines)).toEqual({ changed: 2, unchanged: 9 })
  expect(machines.filter(({ change }: Answer) => change === 'changed')).toMatchObject([
    {
      machine: { name: 'rack-01' },
      differences: [{ path: 'driverVersion', before: '570.86.10', after: '580.95.05' }],
    },
    { machine: { name: 'rack-05' }, differences: [{ path: 'GPU 1', before: 'Radeon RX 7900 XTX', after: null }] },
  ])
  await save(later)
  const after = await list()
  expect(after).toHaveLength(12)
  expect(after.map(({ revision }: Answer) => revision).toSorted()).toEqual([...Array(10).fill(1), 2, 2])
  const rack = after.find(({ name }: Answer) => name === 'rack-05')
  expect(rack.devices).toHaveLength(1)
  expect(rack.missingDevices).toMatchObject([{ name: 'Radeon RX 7900 XTX', uuid: 'GPU-a1b2c3d4e5f60711' }])
  expect(tally(await preview(later))).toEqual({ unchanged: 11 })
  // It comes back where it was.
  expect(tally(await save(labText({ driver: '580.95.05', radeons: 2 })))).toEqual({ changed: 1, unchanged: 10 })
  expect((await list()).find(({ name }: Answer) => name === 'rack-05')).toMatchObject({ missingDevices: [] })
}

describe('a lab of twelve machines', () => {
  it('is registered from one paste and one table, imported again without a change, and kept true', async () => {
    await registers()
    await keepsWhatToolsTold()
    await isNotChangedByTheSame()
    await showsWhatChanged()
  })
})
