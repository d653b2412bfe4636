import { setTimeout } from 'node:timers/promises'
import { afterEach, expect, inject, it } from 'vitest'
import { emptyDatabase } from '../../test/database.ts'
import { twoGpus } from '../../test/inventory-text.ts'
import { lost, oversold, replay } from '../../test/race/check.ts'
import { GIB, race, type RaceMachine } from '../../test/race/client.ts'
import { emptyHistory } from '../../test/race/history.ts'
import { randomOf } from '../../test/race/random.ts'
import { freePorts, startServer } from '../../test/race/servers.ts'
import { openTables } from '../../test/race/tables.ts'
import type { Answer } from '../../test/server.ts'

const CLIENTS = 64
const PROCESSES = 3
const MACHINES = 10
const RACE_MS = 10_000
/** On a machine that has other things to do it goes on until so many were granted, and so many refused. */
const MET = 50
const LONGEST_MS = 60_000
/** When the one process is killed. */
const KILL_AFTER_MS = 3500
const capacityOf = (): number => 24 * GIB

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup()
})

it('sells no byte twice, and loses nothing that it acknowledged, whoever dies', { timeout: 120_000 }, async () => {
  const { remove, ...options } = await emptyDatabase()
  cleanups.push(remove)
  const servers = await Promise.all(
    (await freePorts(PROCESSES)).map(async (port) => {
      const server = await startServer({ ...options, bundle: inject('bundle'), port })
      cleanups.push(server.stop)
      return server
    }),
  )
  const machines = await lab(servers[0]!.url)
  const tables = await openTables(options)
  cleanups.push(tables.close)
  const stopWatching = tables.watch(capacityOf)
  const seed = Date.now() % 2 ** 31
  const history = emptyHistory()
  const { tally } = history
  const start = Date.now()
  const enough = () => Math.min(tally.granted, tally.refused) >= MET
  const isOver = () => Date.now() - start > (enough() ? RACE_MS : LONGEST_MS)
  const clients = Array.from({ length: CLIENTS }, (_, number) =>
    race({
      name: `client ${number}`,
      servers: servers.map((_server, at) => servers[(number + at) % PROCESSES]!.url),
      machines,
      random: randomOf(seed + number),
      history,
      isOver,
    }),
  )
  await setTimeout(KILL_AFTER_MS)
  await servers[1]!.killAndRestart()
  await Promise.all(clients)

  const { events } = history
  const stored = await tables.stored()
  const found = {
    whileRacing: await stopWatching(),
    inTheEnd: oversold(await tables.held(), capacityOf),
    inHistory: replay(events, capacityOf),
  }
  process.stdout.write(
    `race: ${tally.operations} operations, ${tally.granted} granted, ${tally.refused} refused, ` +
      `${tally.retries} retries, ${tally.unknown} cut off by the kill, ${stored.length} reservations, ` +
      `${Math.max(...Object.values(found))} bytes oversold, seed ${seed}\n`,
  )
  expect(history.faults).toEqual([])
  expect(found).toEqual({ whileRacing: 0, inTheEnd: 0, inHistory: 0 })
  expect(lost(events, stored)).toEqual([])
  // A race in which nobody met anybody shows nothing.
  expect(Math.min(tally.granted, tally.refused)).toBeGreaterThanOrEqual(MET)
})

/** Machines of two cards each. */
async function lab(url: string): Promise<readonly RaceMachine[]> {
  const text = Array.from({ length: MACHINES }, (_, number) => twoGpus(number, `lab-${number}`)).join('')
  const headers = { 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify({ text }) }
  const { machines } = (await (await fetch(`${url}/api/v1/machines/import`, init)).json()) as Answer
  return machines.map(({ machine }: Answer) => ({
    id: machine.id,
    devices: machine.devices.map(({ id }: Answer) => id),
  }))
}
