import { mebibytes, tokens } from '@berth/core'
import { createLoader } from 'nuqs/server'
import { describe, expect, it } from 'vitest'
import type { MachineView } from '../../trpc/types.ts'
import type { ModelChoice } from '../plan/model-choice.ts'
import {
  askedOf,
  type CapacityInputs,
  capacityParsers,
  filesOf,
  planPathOf,
  writeCapacityInputs,
} from './capacity-inputs.ts'

const read = createLoader(capacityParsers)
const inputsOf = (query: string): CapacityInputs => read(new URLSearchParams(query))

const choice = (change: Partial<ModelChoice>): ModelChoice => ({
  ...{ kind: 'stored', format: 'gguf', id: 'a', name: 'A', detail: '', mixes: [] },
  ...change,
})

describe('the inputs of a question', () => {
  it.each([
    ['?q=upgrades&model=a&ctx=32768&users=4&host=true'],
    ['?q=what-if&stored=false&cat=none&by=parameters&machine=m'],
  ])('%s survives the address', (query) => expect(writeCapacityInputs(inputsOf(query))).toBe(query))

  it('keeps edits, and takes none that are not', () => {
    const edits = [
      { kind: 'add-cards', card: { kind: 'catalogue', gpu: 'x' }, count: 2 },
      { kind: 'replace-cards', card: { kind: 'device', device: 'GPU-1, é&' } },
      { kind: 'remove-cards', devices: ['d'] },
      { kind: 'add-host-memory', added: 1024 },
    ] as unknown as CapacityInputs['edits']
    expect(inputsOf(writeCapacityInputs({ edits })).edits).toEqual(edits)
  })

  it.each([
    'x',
    '{}',
    '[1]',
    '[{"kind":"sell-cards"}]',
    '[{"kind":"add-cards","count":1}]',
    '[{"kind":"add-cards","card":{"kind":"device"},"count":1}]',
    '[{"kind":"add-cards","card":{"kind":"device","device":"x"},"count":1.5}]',
    '[{"kind":"remove-cards","devices":[]}]',
    '[{"kind":"add-host-memory","added":"1"}]',
    JSON.stringify(Array.from({ length: 9 }, () => ({ kind: 'add-host-memory', added: 1 }))),
  ])('takes no edits of %s', (edits) => expect(inputsOf(`?edits=${encodeURIComponent(edits)}`).edits).toEqual([]))
})

describe('what is asked', () => {
  it('counts the context of all users, and leaves the margin to the team', () => {
    const { engine, request } = askedOf(inputsOf('?ctx=32768&users=4&ctk=q8_0&engine=ollama'))
    expect(engine).toBe('ollama')
    expect(request).toMatchObject({ contextLength: tokens(131_072), parallel: 4, cacheTypeK: 'q8_0' })
    expect(request).not.toHaveProperty('margin')
  })

  it.each([
    ['?ctx=1&users=0', 256, 1],
    ['?ctx=99999999999&users=999', 2_147_483_647, 256],
  ])('%s is brought into range', (query, contextLength, parallel) => {
    expect(askedOf(inputsOf(query)).request).toMatchObject({ contextLength, parallel })
  })

  it.each(['exllamav2', 'tabbyapi', 'nobody'])('asks llama.cpp where %s is named', (engine) => {
    expect(askedOf(inputsOf(`?engine=${engine}`)).engine).toBe('llama.cpp')
  })
})

describe('filesOf', () => {
  const choices = [
    choice({ id: 'stored' }),
    choice({ id: 'folder', format: 'exl2' }),
    choice({ id: 'both', kind: 'catalogue', mixes: ['Q4_K_M', 'Q8_0'] }),
    choice({ id: 'one', kind: 'catalogue', mixes: ['Q8_0'] }),
  ]
  it.each([
    ['?', ['stored', 'both Q4_K_M']],
    ['?stored=false&cat=Q8_0', ['both Q8_0', 'one Q8_0']],
    ['?cat=none', ['stored']],
    ['?stored=false&cat=Q9_Z', []],
  ])('%s', (query, names) => {
    const files = filesOf(inputsOf(query), choices)
    expect(files.map((file) => (file.kind === 'stored' ? file.id : `${file.id} ${file.mix}`))).toEqual(names)
  })
})

it('opens the plan with the same use, model and margin', () => {
  const machine = 'm' as MachineView['id']
  const inputs = inputsOf('?ctx=4096&users=2&kvu=true')
  const path = planPathOf(inputs, { kind: 'catalogue', id: 'x', mix: 'Q4_K_M' }, { machine, margin: mebibytes(512) })
  expect(path).toBe('/plan?model=x&mix=Q4_K_M&np=2&kvu=true&margin=512&machine=m')
})
