import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { smiCsv, twoGpus, uuid } from '../../test/inventory-text.ts'
import { type Answer, testServer, type TestServer } from '../../test/server.ts'

const MIB = 1024 ** 2

let berth: TestServer
beforeAll(async () => {
  berth = await testServer()
})
afterAll(() => berth.close())
beforeEach(async () => {
  await berth.database.client.plan.deleteMany()
  await berth.database.client.machine.deleteMany()
})

const importText = (text: string, hostName?: string) =>
  berth.call('POST', '/api/v1/machines/import', { text, ...(hostName === undefined ? {} : { hostName }) })
const preview = (text: string) => berth.call('POST', '/api/v1/machines/import/preview', { text })
const list = async (): Promise<Answer> => (await berth.call('GET', '/api/v1/machines')).body.items

describe('importing machines', () => {
  it('previews without saving, then saves what was previewed', async () => {
    const text = twoGpus(1, 'lab-01')
    const { status, body } = await preview(text)
    expect(status).toBe(200)
    expect(body.machines).toMatchObject([{ change: 'new', existing: null, machine: { name: 'lab-01' } }])
    expect(body.sections).toMatchObject([{ format: 'nvidia-smi-csv', hostName: 'lab-01' }])
    expect(await list()).toEqual([])

    const imported = await importText(text)
    expect(imported).toMatchObject({ status: 200, body: { machines: [{ change: 'new' }] } })
    const [machine] = await list()
    expect(machine).toMatchObject({ name: 'lab-01', revision: 1, sample: false, missingDevices: [] })
    expect(machine.devices).toMatchObject([
      { id: uuid(2), index: 0, backend: 'cuda', memoryTotal: 24_576 * MIB, memoryUsed: MIB, uuid: uuid(2) },
      { id: uuid(3), index: 1 },
    ])
    const detail = await berth.call('GET', `/api/v1/machines/${machine.id}`)
    expect(detail.body).toEqual({ ...machine, rawText: text })
  })

  it('keeps the operating system that a tool told', async () => {
    const displays = [{ sppci_model: 'AMD Radeon Pro 5500M', spdisplays_vram: '8 GB' }]
    await importText(JSON.stringify({ SPDisplaysDataType: displays }), 'mac-01')
    expect(await list()).toMatchObject([{ name: 'mac-01', os: 'macos' }])
  })

  it('changes nothing the second time', async () => {
    const text = twoGpus(1, 'lab-01')
    await importText(text)
    const before = await list()
    expect((await preview(text)).body.machines).toMatchObject([{ change: 'unchanged', differences: [] }])
    const again = await importText(text)
    const after = await list()
    expect(again.body.machines).toEqual([{ change: 'unchanged', machine: after[0] }])
    // It was read, and that is all that is new.
    expect(Date.parse(after[0].readAt)).toBeGreaterThan(Date.parse(before[0].readAt))
    expect(after).toEqual([{ ...before[0], readAt: after[0].readAt }])
  })

  it('recognises a machine by its devices, keeps the name it was given, and says what changed', async () => {
    await importText(smiCsv([{ uuid: uuid(1), usedMib: 1 }], 'lab-01'))
    const [machine] = await list()
    await berth.call('PATCH', `/api/v1/machines/${machine.id}`, { name: 'Left rack' })
    const text = smiCsv([{ uuid: uuid(1), usedMib: 900 }], 'lab-01')
    expect((await preview(text)).body.machines).toMatchObject([
      {
        change: 'changed',
        existing: { id: machine.id, name: 'Left rack' },
        differences: [{ path: 'GPU 0 memoryUsed', before: String(MIB), after: String(900 * MIB) }],
      },
    ])
    await importText(text)
    expect(await list()).toMatchObject([{ id: machine.id, name: 'Left rack', revision: 3 }])
  })

  it('keeps a device that is not shown any more as missing, and takes it back when it is', async () => {
    await importText(smiCsv([{ uuid: uuid(1) }, { uuid: uuid(2) }], 'lab-01'))
    const without = smiCsv([{ uuid: uuid(1) }], 'lab-01')
    expect((await preview(without)).body.machines[0]).toMatchObject({
      differences: [{ path: 'GPU 1', before: 'NVIDIA GeForce RTX 3090', after: null }],
    })
    await importText(without)
    const [machine] = await list()
    expect(machine).toMatchObject({ devices: [{ id: uuid(1) }], missingDevices: [{ id: uuid(2), uuid: uuid(2) }] })
    expect(machine.devices).toHaveLength(1)

    expect((await importText(without)).body.machines).toMatchObject([{ change: 'unchanged' }])
    const since = machine.missingDevices[0].missingSince
    await importText(smiCsv([{ uuid: uuid(1), usedMib: 5 }], 'lab-01'))
    expect((await list())[0].missingDevices[0].missingSince).toBe(since)

    const back = await importText(smiCsv([{ uuid: uuid(1), usedMib: 5 }, { uuid: uuid(2) }], 'lab-01'))
    expect(back.body.machines).toMatchObject([{ change: 'changed', machine: { missingDevices: [] } }])
    expect((await list())[0].devices).toHaveLength(2)
  })

  it('forgets a missing device when told to, and no other', async () => {
    await importText(smiCsv([{ uuid: uuid(1) }, { uuid: uuid(2) }], 'lab-01'))
    await importText(smiCsv([{ uuid: uuid(1) }], 'lab-01'))
    const [machine] = await list()
    const forget = (id: string) => berth.call('DELETE', `/api/v1/machines/${machine.id}/devices/${id}`)
    expect((await forget('a%00b')).status).toBe(400)
    expect(await forget(uuid(1))).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect(await forget(uuid(2))).toMatchObject({ status: 200, body: { id: uuid(2) } })
    expect(await list()).toMatchObject([{ devices: [{ id: uuid(1) }], missingDevices: [] }])
  })

  it("fills in what a monitor measured of stored cards, and makes no machine of a stranger's", async () => {
    await importText(twoGpus(1, 'lab-01'))
    const metrics = (id: string, mib: number) => `DCGM_FI_DEV_FB_USED{gpu="0",UUID="${id}",Hostname="pod-1"} ${mib}\n`
    const text = metrics(uuid(3), 700) + metrics(uuid(9), 5)
    expect((await preview(text)).body).toMatchObject({
      machines: [{ change: 'changed', differences: [{ path: 'GPU 1 memoryUsed', after: String(700 * MIB) }] }],
      warnings: [{ code: 'observation-unmatched' }],
    })
    expect(await importText(text)).toMatchObject({ status: 200, body: { machines: [{ change: 'changed' }] } })
    const [machine] = await list()
    expect(machine.devices).toMatchObject([{ memoryUsed: MIB }, { memoryUsed: 700 * MIB }])
    expect((await importText(text)).body.machines).toEqual([])
    expect((await importText(`${twoGpus(1, 'lab-01')}\n${metrics(uuid(3), 800)}`)).body.machines).toHaveLength(1)
    expect((await list())[0].devices).toMatchObject([{ memoryUsed: MIB }, { memoryUsed: 800 * MIB }])
    expect((await importText(metrics(uuid(9), 5))).body.machines).toEqual([])
  })

  it('keeps how cards are linked and the network, pasted with the cards or alone, and changes nothing the second time', async () => {
    const [one, other] = [uuid(2), uuid(3)]
    const topo = '\tGPU0\tGPU1\tCPU Affinity\nGPU0\t X \tSYS\t0-7\nGPU1\tSYS\t X \t8-15\n'
    const alone = `host: lab-01\n\tGPU0\tGPU1\nGPU0\tX\tCNS\nGPU1\tCNS\tX\n\n/sys/class/net/eno1/speed:1000\n[{"ifname": "a b", "flags": []}]\n`
    await importText(`${twoGpus(1, 'lab-01')}\n${topo}`)
    expect((await list())[0]).toMatchObject({ links: [{ from: one, to: other, kind: 'SYS' }] })
    expect((await preview(alone)).body).toMatchObject({
      machines: [
        {
          change: 'changed',
          differences: [
            { path: 'GPU 0 to GPU 1 peerAccess', before: null, after: 'CNS' },
            { path: 'networkInterfaces.eno1.bitsPerSecond', before: null, after: '1000000000' },
          ],
        },
      ],
      // Of another thing, and none that the machine is not known.
      warnings: [{ code: 'value-ignored' }],
    })
    await importText(alone)
    const kept = {
      links: [{ from: one, to: other, kind: 'SYS', peerAccess: 'CNS' }],
      networkInterfaces: [{ name: 'eno1', bitsPerSecond: 1e9 }],
    }
    expect(await list()).toMatchObject([{ ...kept, revision: 2 }])
    expect((await importText(alone)).body).toMatchObject({ machines: [], warnings: [{ code: 'value-ignored' }] })
    expect((await importText(`${twoGpus(1, 'lab-01')}\n${topo}`)).body.machines).toMatchObject([
      { change: 'unchanged' },
    ])
    expect(await list()).toMatchObject([kept])
  })

  it('says what paths alone need, where no machine has this name and as many cards', async () => {
    await importText(twoGpus(1, 'lab-01'))
    const three = 'host: lab-01\n\tGPU0\tGPU1\tGPU2\nGPU0\tX\tOK\tOK\n'
    for (const text of [three, three.replaceAll('lab-01', 'lab-02')]) {
      expect((await importText(text)).body).toMatchObject({
        machines: [],
        warnings: [{ code: 'paths-unmatched', line: 2 }],
      })
    }
    expect(await importText('\tGPU0\tGPU1\nGPU0\tX\tOK\n')).toMatchObject({
      status: 422,
      body: { code: 'inventory-host-not-named' },
    })
  })

  it('takes several hosts in one paste', async () => {
    await importText(twoGpus(1, 'lab-01') + twoGpus(2, 'lab-02'))
    expect(await list()).toMatchObject([{ name: 'lab-01' }, { name: 'lab-02' }])
  })

  it('saves all or nothing when one of several names belongs to another machine', async () => {
    await importText(twoGpus(1, 'lab-02'))
    const text = twoGpus(5, 'lab-01') + twoGpus(6, 'lab-02')
    expect((await preview(text)).body.machines).toMatchObject([{ change: 'new' }, { change: 'name-taken' }])
    const refused = await importText(text)
    expect(refused).toMatchObject({ status: 409, body: { code: 'name-taken', data: { names: ['lab-02'] } } })
    expect(await list()).toMatchObject([{ name: 'lab-02' }])
    expect(await list()).toHaveLength(1)
  })

  it('numbers machines that nothing names, and knows each again', async () => {
    const left = twoGpus(1)
    const right = twoGpus(2)
    const bare = smiCsv([{ name: 'NVIDIA A100-SXM4-40GB', memoryMib: 40_960 }])
    for (const text of [left, right, bare]) {
      expect((await importText(text)).body.machines).toMatchObject([{ change: 'new' }])
    }
    expect((await list()).map(({ name }: Answer) => name)).toEqual(['machine-1', 'machine-2', 'machine-3'])
    for (const text of [left, right, bare]) {
      expect((await importText(text)).body.machines).toMatchObject([{ change: 'unchanged' }])
    }
    expect(await list()).toHaveLength(3)
  })

  it('gives a nameless machine the name that comes with it', async () => {
    await importText(twoGpus(1), 'lab-07')
    expect(await list()).toMatchObject([{ name: 'lab-07' }])
  })

  it.each(['name', 'id', 'cpuName', 'device name', 'uuid'])(
    'refuses a machine with control characters in its %s',
    async (where) => {
      const bad = 'a\u0000b\uD800\u001B[31m\u202E'
      const at = (field: string, good: string) => (where === field ? bad : good)
      const bytes = { bytes: 8 * 1024 * MIB, provenance: 'measured' }
      const machine = {
        ...{
          berth: 'machine',
          version: 1,
          id: at('id', 'odd'),
          name: at('name', 'odd'),
          cpuName: at('cpuName', 'cpu'),
        },
        devices: [
          {
            ...{ id: 'd0', index: 0, name: at('device name', 'card'), backend: 'cuda', memoryTotal: bytes.bytes },
            ...{ memory: { reported: bytes }, unified: false, uuid: at('uuid', 'GPU-1') },
          },
        ],
        links: [],
      }
      const { status, body } = await importText(JSON.stringify(machine))
      expect(status).toBe(400)
      const path = expect.stringMatching(/^machines\[0\]\./) as string
      expect(body).toMatchObject({ code: 'invalid-input', fields: [{ path }] })
      expect(await list()).toEqual([])
    },
  )

  it('names the line and field that cannot be read, and saves nothing', async () => {
    const broken = twoGpus(1, 'lab-01').replace('24576 MiB', 'lots')
    const answer = await importText(`${twoGpus(2, 'lab-02')}${broken}`)
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'inventory-value-invalid', data: { line: 7, field: 'memory.total' } },
    })
    expect(answer.body.detail).toContain('Line 7')
    expect(await list()).toEqual([])
  })

  it('saves each machine once when two imports run at the same time', async () => {
    const text = twoGpus(1, 'lab-01') + twoGpus(2, 'lab-02')
    const answers = await Promise.all(Array.from({ length: 6 }, () => importText(text)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200])
    const changes: string[] = answers.map(({ body }) => body.machines.map(({ change }: Answer) => change).join())
    expect(changes.toSorted((a, b) => a.localeCompare(b))).toEqual([
      'new,new',
      ...Array.from({ length: 5 }, () => 'unchanged,unchanged'),
    ])
    expect(await list()).toHaveLength(2)
  })
})

describe('machines', () => {
  it('are listed in pages that neither repeat nor leave out', async () => {
    for (let number = 0; number < 5; number++) await importText(twoGpus(number, `lab-${number}`))
    const names: unknown[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const { body } = await berth.call('GET', `/api/v1/machines?limit=2${query}`)
      expect(body.items.length).toBeLessThanOrEqual(2)
      names.push(...body.items.map(({ name }: Answer) => name))
      cursor = body.nextCursor as string | null
    }
    expect(names).toEqual(['lab-0', 'lab-1', 'lab-2', 'lab-3', 'lab-4'])
  })

  it('are renamed, but not to a name that is taken or holds control characters', async () => {
    await importText(twoGpus(1, 'lab-01') + twoGpus(2, 'lab-02'))
    const [machine] = await list()
    const rename = (name: string) => berth.call('PATCH', `/api/v1/machines/${machine.id}`, { name })
    expect(await rename('  lab 1 ')).toMatchObject({ status: 200, body: { name: 'lab 1', revision: 2 } })
    expect(await rename('lab-02')).toMatchObject({ status: 409, body: { code: 'name-taken' } })
    for (const name of ['', 'a\u0000b', 'a\nb', 'x'.repeat(201)]) {
      expect(await rename(name)).toMatchObject({
        status: 400,
        body: { code: 'invalid-input', fields: [{ path: 'name' }] },
      })
    }
    expect((await list())[0]).toMatchObject({ name: 'lab 1' })
  })

  it('are removed with their devices', async () => {
    await importText(twoGpus(1, 'lab-01'))
    const [machine] = await list()
    const remove = () => berth.call('DELETE', `/api/v1/machines/${machine.id}`)
    expect(await remove()).toMatchObject({ status: 200, body: { id: machine.id } })
    expect(await remove()).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect(await berth.database.client.device.count()).toBe(0)
  })
})

describe('the sample lab', () => {
  it('is added once, under free names, and removed as a whole', async () => {
    const first = await berth.call('POST', '/api/v1/sample-lab')
    expect(first.status).toBe(200)
    expect(first.body.machines.length).toBeGreaterThanOrEqual(4)
    expect(first.body.machines.every(({ sample }: Answer) => sample)).toBe(true)
    const again = await berth.call('POST', '/api/v1/sample-lab')
    expect(again.body).toEqual(first.body)

    await importText(twoGpus(1, 'lab-own'))
    const removed = await berth.call('DELETE', '/api/v1/sample-lab')
    expect(removed.body).toEqual({ removedMachines: first.body.machines.length, removedPlans: 0 })
    expect(await list()).toMatchObject([{ name: 'lab-own' }])
  })

  it('takes no name that a machine has already', async () => {
    const { body } = await berth.call('POST', '/api/v1/sample-lab')
    const name = body.machines[0].name as string
    await berth.call('DELETE', '/api/v1/sample-lab')
    await importText(twoGpus(1), name)
    const again = await berth.call('POST', '/api/v1/sample-lab')
    expect(again.body.machines[0]).toMatchObject({ name: `${name} 2` })
  })

  it('takes its plans with it', async () => {
    const { body } = await berth.call('POST', '/api/v1/sample-lab')
    const plan = {
      name: 'on the sample',
      model: { kind: 'catalogue', id: 'qwen3-0.6b', mix: 'Q4_K_M' },
      machineId: body.machines[0].id,
      engine: 'llama.cpp',
      request: {},
    }
    expect((await berth.call('POST', '/api/v1/plans', plan)).status).toBe(201)
    expect((await berth.call('DELETE', '/api/v1/sample-lab')).body).toMatchObject({ removedPlans: 1 })
  })
})
