import type { Machine } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { diffMachine } from './diff.ts'
import { writeMachinesCsv } from './formats/berth-csv.ts'
import { writeMachines } from './formats/berth-json.ts'
import { columns, writeCell } from './formats/berth-csv-columns.ts'
import { formats } from './formats/index.ts'
import { formatTitles } from './issue.ts'
import { mergeMachine } from './merge.ts'
import { observeMachines } from './observe.ts'
import { readInventory } from './read-inventory.ts'
import { fixture } from './testing/read.ts'
import { seedsOf } from './testing/seeds.ts'

const seeds = Object.entries(seedsOf).flatMap(([format, texts]) =>
  texts.map((text, at): readonly [string, string] => [`${format} ${at + 1}`, text]),
)

/** What says of a host too little to make one: it is read beside nvidia-smi's own account of the same host. */
const companion = `host: lab-01\n${fixture('smi-v12-two-3090.xml')}\n`

function machinesOf(text: string): readonly Machine[] {
  const alone = readInventory(text)
  if (alone.ok && alone.value.machines.length > 0) return alone.value.machines
  const beside = readInventory(`${companion}${text}`)
  if (!beside.ok) throw new Error(JSON.stringify(beside.issue))
  return beside.value.machines
}

/** Saves what was read over what is known, by name, as an import does. */
const saved = (known: readonly Machine[], text: string): readonly Machine[] =>
  machinesOf(text).map(
    (machine) =>
      mergeMachine(
        known.find(({ name }) => name === machine.name),
        machine,
      ).machine,
  )

const nothing = { fields: [], added: [], changed: [], missing: [], replaced: [] }

describe('every format', () => {
  it('is registered, titled and has a sample', () => {
    const registered = formats.map(({ id }) => id).toSorted()
    expect(registered).toEqual(Object.keys(formatTitles).toSorted())
    expect(registered).toEqual(Object.keys(seedsOf).toSorted())
    expect(new Set(registered).size).toBe(registered.length)
  })

  it('between them read every field that tools print', () => {
    // The catalogue's, and what only a person or the catalogue says.
    const unread = /^machine\.(?:site|owner|labels)$|fromCatalogue|BandwidthBytesPerSecond|fp16FlopsPerSecond/
    const machines = seeds.flatMap(([, text]) => saved([], text))
    const hasValue = (name: string): boolean => {
      const [record, ...path] = name.split('.')
      const records: readonly object[] = record === 'machine' ? machines : machines.flatMap(({ devices }) => devices)
      return records.some((one) => writeCell(one, path) !== '')
    }
    const missing = columns.map(({ name }) => name).filter((name) => !unread.test(name) && !hasValue(name))
    expect(missing).toEqual([])
  })

  it.each(seeds)('%s changes nothing the second time', (_, text) => {
    const once = saved([], text)
    expect(once.length).toBeGreaterThan(0)
    expect(saved(once, text)).toEqual(once)
    for (const machine of machinesOf(text)) {
      expect(
        diffMachine(
          once.find(({ name }) => name === machine.name),
          machine,
        ),
      ).toMatchObject(nothing)
    }
  })

  it.each(seeds)('%s is the same machine once Berth has written it down', (_, text) => {
    const once = saved([], text)
    for (const written of [writeMachines(once), writeMachinesCsv(once)]) {
      const again = readInventory(written)
      expect(again).toMatchObject({ ok: true, value: { machines: once, warnings: [] } })
      expect(again.ok && again.value.machines).toEqual(once)
      // What Berth wrote changes nothing either.
      expect(saved(once, written)).toEqual(once)
    }
  })

  it.each(seeds)('%s says nothing new of a machine that it has brought up to date', (_, text) => {
    const known = saved([], text)
    const reading = readInventory(text)
    if (!reading.ok) return
    const observed = observeMachines(known, reading.value.observations).machines
    expect(observeMachines(observed, reading.value.observations).machines).toEqual(observed)
  })

  it.each(seeds)('%s answers half a MiB of itself in time', (_, text) => {
    const half = 512 * 1024
    const lines = text.split('\n')
    const longest = lines.toSorted((a, b) => b.length - a.length)[0]!
    const swollen = lines.with(lines.indexOf(longest), longest.repeat(Math.ceil(half / longest.length)))
    const crowded = lines.flatMap((line) =>
      line === longest ? Array.from({ length: half / line.length }, () => line) : line,
    )
    for (const long of [text.repeat(Math.ceil(half / text.length)), swollen.join('\n'), crowded.join('\n')]) {
      const start = performance.now()
      readInventory(long)
      expect(performance.now() - start).toBeLessThan(2000)
    }
  })
})
