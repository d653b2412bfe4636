import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { diffMachine } from './diff.ts'
import { explainInventoryIssue, explainInventoryWarning } from './explain.ts'
import { writeMachinesCsv } from './formats/berth-csv.ts'
import { writeMachines } from './formats/berth-json.ts'
import { mergeMachine } from './merge.ts'
import { openNotes } from './notes.ts'
import { observeMachines } from './observe.ts'
import { readInventory } from './read-inventory.ts'
import { sniff } from './sniff.ts'
import { seeds, seedsOf } from './testing/seeds.ts'
import { toLines } from './text/lines.ts'

type Mutation = (text: string) => string

const fragments = [
  '\n',
  '\t',
  '  ',
  '\u001b[4m',
  '\u{feff}',
  ',',
  '"',
  '{',
  '}',
  '[',
  ']',
  '<',
  '</',
  '>',
  'N/A',
  '[Not Supported]',
  'ERR!',
  '-1',
  '99999999999999999999',
  '0',
  'MiB',
  'GPU0',
  'GPU 0: x (UUID: GPU-1)',
  '# lab-09',
  'host: lab-09',
  'a@lab-09:~$ ',
  'Available devices:',
  '<nvidia_smi_log>',
  '</nvidia_smi_log>',
  '<gpu id="0">',
  '</gpu>',
  '<!ENTITY a "b">',
  '"__proto__": {}',
  'index, name, uuid',
  'NV18',
  'CNS',
  '/sys/class/net/eno1/speed:',
  'Settings for eno1:',
  '\u0000',
  '\ud83d',
  'null',
  '1e999',
  'nvidia.com/gpu.count=',
  'DCGM_FI_DEV_FB_USED{',
  '"device_list": [',
  'machine.name,device.name',
  'Name=gpu Count=',
  'kind: Node',
  '- ',
  '[0-999999999]',
]

const at = fc.double({ min: 0, max: 1, noNaN: true })
const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.tuple(at, fc.constantFrom(...fragments)).map(([place, fragment]): Mutation => (text) => {
    const cut = Math.floor(place * text.length)
    return text.slice(0, cut) + fragment + text.slice(cut)
  }),
  fc.tuple(at, fc.integer({ min: 1, max: 400 })).map(([place, length]): Mutation => (text) => {
    const cut = Math.floor(place * text.length)
    return text.slice(0, cut) + text.slice(cut + length)
  }),
  fc.tuple(at, at).map(([from, to]): Mutation => (text) => {
    const lines = text.split('\n')
    const [line] = lines.splice(Math.floor(from * lines.length), 1)
    lines.splice(Math.floor(to * (lines.length + 1)), 0, line ?? '')
    return lines.join('\n')
  }),
  fc.tuple(at, fc.integer({ min: 1, max: 30 })).map(([from, count]): Mutation => (text) => {
    const lines = text.split('\n')
    const start = Math.floor(from * lines.length)
    return [...lines.slice(0, start), ...lines.slice(start, start + count), ...lines.slice(start)].join('\n')
  }),
  fc.tuple(at, fc.string({ maxLength: 12 })).map(([place, value]): Mutation => (text) => {
    const numbers = [...text.matchAll(/\d+/g)]
    const match = numbers[Math.floor(place * numbers.length)]
    return match === undefined ? text : text.slice(0, match.index) + value + text.slice(match.index + match[0].length)
  }),
  at.map(
    (place): Mutation =>
      (text) =>
        text.slice(0, Math.floor(place * text.length)),
  ),
  fc.constantFrom<Mutation>(
    (text) => text.replaceAll('\t', ''),
    (text) => text.replaceAll('\n', '\r\n'),
    (text) => text.replaceAll('  ', ' '),
    (text) => text.replaceAll('\n', ' '),
    (text) => text + text,
  ),
)

/** A sample of one format, perhaps among others, and changed here and there. */
const pasteOf = (texts: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...texts),
      fc.array(fc.constantFrom(...seeds), { maxLength: 2 }),
      fc.array(mutation, { maxLength: 4 }),
    )
    .map(([own, others, mutations]) => mutations.reduce((text, mutate) => mutate(text), [...others, own].join('\n')))

describe('the seeds', () => {
  it.each(Object.entries(seedsOf))('are cut as what they are: %s', (format, texts) => {
    expect(texts.length).toBeGreaterThan(0)
    for (const text of texts) {
      const lines = toLines(text)
      const cuts = lines.ok ? sniff(lines.value, openNotes()) : []
      expect(cuts.map((cut) => cut.format.id)).toContain(format)
    }
  })
})

describe('any mutated paste', () => {
  it('gives machines that hold together or an issue that names its line, in time', () => {
    let [read, refused] = [0, 0]
    const property = (texts: readonly string[]) =>
      fc.property(pasteOf(texts), (text) => {
        const start = performance.now()
        const result = readInventory(text)
        expect(performance.now() - start).toBeLessThan(2000)
        if (!result.ok) {
          refused += 1
          const { issue } = result
          expect(issue.line).toBeGreaterThan(0)
          expect(issue.line).toBeLessThanOrEqual(text.split(/\r*\n|\r+/).length)
          expect(issue.section).toBeGreaterThan(0)
          expect(explainInventoryIssue(issue)).toMatch(/^Line \d+.*\.$/)
          return
        }
        read += 1
        const { machines, observations, sections, warnings } = result.value
        expect(machines.length + observations.length).toBeGreaterThan(0)
        for (const warning of warnings) expect(explainInventoryWarning(warning)).toMatch(/^Line \d+.*\.$/)
        for (const section of sections) expect(section.lastLine).toBeGreaterThanOrEqual(section.firstLine)
        for (const machine of machines) {
          const ids = machine.devices.map((device) => device.id)
          expect(new Set(ids).size).toBe(ids.length)
          expect(machine.devices.map((device) => device.index)).toEqual(ids.map((_, index) => index))
          const diff = diffMachine(machine, machine)
          expect([diff.added, diff.changed, diff.missing, diff.replaced, diff.fields]).toEqual([[], [], [], [], []])
          expect(mergeMachine(machine, machine).machine).toEqual(machine)
        }
        for (const observed of observeMachines(machines, observations).machines) expect(machines).toContain(observed)
        if (machines.length === 0) return
        for (const text of [writeMachines(machines), writeMachinesCsv(machines)]) {
          const again = readInventory(text)
          // A paste keeps no control characters or odd spaces; JSON alone can write them down.
          if (/^[\x20-\x7e\n]*$/.test(text)) expect(again.ok && again.value.machines).toEqual(machines)
        }
      })
    for (const texts of Object.values(seedsOf)) fc.assert(property(texts), { numRuns: 40 })
    // Mutations that only ever refuse, or never do, would test nothing.
    expect(Math.min(read, refused)).toBeGreaterThan(50)
  }, 120_000)

  it('gives an answer to any text', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...fragments)), { maxLength: 60 }),
        (parts) => {
          const result = readInventory(parts.join(''))
          expect(typeof result.ok).toBe('boolean')
        },
      ),
      { numRuns: 500 },
    )
  }, 60_000)
})
