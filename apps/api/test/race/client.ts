import { setTimeout } from 'node:timers/promises'
import type { Answer } from '../server.ts'
import type { History, Written } from './history.ts'
import type { Random } from './random.ts'

export const GIB = 1024 ** 3
const HOUR = 3_600_000

export interface RaceMachine {
  readonly id: string
  readonly devices: readonly string[]
}

export interface RaceClient {
  readonly name: string
  /** The one it asks, and those it goes to when that is away. */
  readonly servers: readonly string[]
  readonly machines: readonly RaceMachine[]
  readonly random: Random
  readonly history: History
  readonly isOver: () => boolean
}

type Outcome = { readonly kind: 'done'; readonly body: Answer } | { readonly kind: 'refused' | 'unknown' }

/** Reserves, extends, moves and releases at random, one after the other, and records what it was told. */
export async function race(client: RaceClient): Promise<void> {
  const own: Written[] = []
  for (let made = 0; !client.isOver(); made++) {
    const at = own.length === 0 ? -1 : client.random.below(own.length)
    const chance = client.random.below(100)
    client.history.tally.operations++
    if (at === -1 || (chance < 40 && own.length < 12)) await create(client, own, `${client.name}-${made}`)
    else await change(client, own, { at, chance })
  }
}

async function create(client: RaceClient, own: Written[], purpose: string): Promise<void> {
  const { random, history } = client
  const many = random.below(8) === 0
  const machines = many ? random.some(client.machines, 2) : [oneOf(client)]
  const reservations = machines.map((machine, at) => ({
    ...{ what: { kind: 'memory', ...placesOn(client, machine) }, owner: client.name, ...window(random) },
    purpose: at === 0 ? purpose : `${purpose}-too`,
  }))
  const outcome = await ask(client, many ? '/many' : '', many ? { reservations } : reservations[0]!)
  if (outcome.kind === 'unknown') {
    for (const one of reservations) history.events.push({ kind: 'unknown-new', purpose: one.purpose })
  }
  if (outcome.kind !== 'done') return
  for (const reservation of many ? outcome.body.reservations : [outcome.body]) {
    own.push(reservation)
    history.events.push({ kind: 'acknowledged', reservation, released: false })
  }
}

interface Chosen {
  readonly at: number
  readonly chance: number
}

async function change(client: RaceClient, own: Written[], { at, chance }: Chosen): Promise<void> {
  const { random, history } = client
  const { id, startsAt } = own[at]!
  const how = chance < 60 ? 'extend' : chance < 80 ? 'move' : 'release'
  const end = random.below(6) === 0 ? null : new Date(Date.parse(startsAt) + random.between(1, 9) * HOUR).toISOString()
  const moved = {
    ...placesOn(client, oneOf(client)),
    ...(random.below(2) === 0 && window(random)),
  }
  const body = how === 'extend' ? { endsAt: end } : how === 'move' ? moved : {}
  const outcome = await ask(client, `/${id}/${how}`, body)
  if (outcome.kind === 'unknown') history.events.push({ kind: 'unknown', id })
  if (outcome.kind === 'done') {
    history.events.push({ kind: 'acknowledged', reservation: outcome.body, released: how === 'release' })
  }
  // What nobody knows is left alone from now on, so that the history says when it was last known.
  if (outcome.kind === 'unknown' || (outcome.kind === 'done' && how === 'release')) own.splice(at, 1)
  else if (outcome.kind === 'done') own[at] = outcome.body
}

/** Half of the time one of two: there it is crowded. */
const oneOf = ({ random, machines }: RaceClient): RaceMachine =>
  machines[random.below(2) === 0 ? random.below(2) : random.below(machines.length)]!

function placesOn({ random }: RaceClient, { id, devices }: RaceMachine) {
  const bytes = () => random.between(1, 12 * 1024) * 1024 ** 2
  const chosen = random.some(devices, random.below(3) === 0 ? 2 : 1)
  return { machineId: id, memory: chosen.map((device) => ({ place: { kind: 'device', device }, bytes: bytes() })) }
}

/** Within two hours from an hour on: close enough to meet others, and none is over while the race runs. */
function window(random: Random) {
  const start = Date.now() + random.between(60, 3 * 60) * 60_000
  const endsAt = random.below(8) === 0 ? null : new Date(start + random.between(1, 8) * HOUR).toISOString()
  return { startsAt: new Date(start).toISOString(), endsAt }
}

/** Asked again where nothing was done for sure: the server was away, or said that it is busy. */
async function ask(client: RaceClient, path: string, body: object): Promise<Outcome> {
  const { servers, history } = client
  for (let tries = 0; ; tries++) {
    const answer = await post(`${servers[tries % servers.length]}/api/v1/reservations${path}`, body)
    if (answer === 'unknown') {
      history.tally.unknown++
      return { kind: 'unknown' }
    }
    if (answer !== 'not-sent' && answer.status < 300) {
      history.tally.granted++
      return { kind: 'done', body: answer.body }
    }
    if (answer !== 'not-sent' && answer.body.code === 'reservation-conflict') {
      history.tally.refused++
      return { kind: 'refused' }
    }
    if (answer !== 'not-sent' && !['busy', 'not-ready'].includes(answer.body.code)) {
      history.faults.push(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
      return { kind: 'refused' }
    }
    if (client.isOver() && tries > 50) return { kind: 'refused' }
    history.tally.retries++
    await setTimeout(20)
  }
}

async function post(url: string, body: object) {
  try {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })
    return { status: answer.status, body: (await answer.json()) as Answer }
  } catch (error) {
    return isNotSent(error) ? ('not-sent' as const) : ('unknown' as const)
  }
}

/** Nobody listened: the request never left. */
const isNotSent = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof Error && 'code' in error.cause && error.cause.code === 'ECONNREFUSED'
