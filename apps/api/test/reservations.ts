import { smiCsv, uuid } from './inventory-text.ts'
import type { TestServer } from './server.ts'

export const GIB = 1024 ** 3

/** From now, in hours: RFC 3339. */
export const inHours = (hours: number, now = Date.now()): string => new Date(now + hours * 3_600_000).toISOString()

export const gpuPlace = (device: string) => ({ kind: 'device', device }) as const
export const hostPlace = { kind: 'host' } as const

/** Calls that reserve, as a script makes them. */
export function reserving(berth: TestServer) {
  const call = async (path: string, body: object) => {
    const { status, body: answer } = await berth.call('POST', `/api/v1/reservations${path}`, body)
    return { status, body: answer }
  }
  return {
    /** Two cards of 24 GiB under uuids made of the number; the id of the machine. */
    lab: async (number: number, name = `lab-${number}`): Promise<string> => {
      const text = smiCsv([{ uuid: uuid(2 * number) }, { uuid: uuid(2 * number + 1) }], name)
      const { body } = await berth.call('POST', '/api/v1/machines/import', { text })
      return body.machines[0].machine.id as string
    },
    create: (body: object) => call('', { purpose: 'chat', owner: 'nlp', ...body }),
    dryRun: (body: object) => call('/dry-run', { purpose: 'chat', owner: 'nlp', ...body }),
    createMany: (reservations: readonly object[]) =>
      call('/many', { reservations: reservations.map((one) => ({ purpose: 'chat', owner: 'nlp', ...one })) }),
    change: (id: string, how: 'extend' | 'move' | 'release', body: object = {}) => call(`/${id}/${how}`, body),
    get: async (path: string) => {
      const { status, body } = await berth.call('GET', `/api/v1/reservations${path}`)
      return { status, body }
    },
  }
}

/** Bytes of one card, in GiB. */
export const onCard = (machineId: string, device: string, gib: number) => ({
  what: { kind: 'memory', machineId, memory: [{ place: gpuPlace(device), bytes: gib * GIB }] },
})
