import { describe, expect, it } from 'vitest'
import type { ModelChoice } from '../plan/model-choice.ts'
import {
  firstSelection,
  readSelection,
  refsOf,
  toggledMix,
  withModel,
  writeSelection,
  type ModelSelection,
} from './model-selection.ts'

const choice = (kind: ModelChoice['kind'], id: string, mixes: readonly string[] = []): ModelChoice => ({
  kind,
  format: 'gguf',
  id,
  name: id,
  detail: '',
  mixes,
})
const catalogue = [
  choice('catalogue', 'llama-3.3-70b', ['Q8_0', 'Q4_K_M', 'Q2_K']),
  choice('catalogue', 'qwen3-8b', ['Q8_0', 'Q4_K_M']),
]
const stored = [choice('stored', 's1'), choice('stored', 's2')]

describe('a selection in the address', () => {
  it.each<readonly [string, ModelSelection]>([
    ['stored', { allStored: true, models: [] }],
    ['s1', { allStored: false, models: [{ id: 's1', mixes: [] }] }],
    [
      'stored,llama-3.3-70b@Q8_0@Q4_K_M',
      { allStored: true, models: [{ id: 'llama-3.3-70b', mixes: ['Q8_0', 'Q4_K_M'] }] },
    ],
    ['', { allStored: false, models: [] }],
  ])('%j is read and written', (text, selection) => {
    expect(readSelection(text)).toEqual(selection)
    expect(writeSelection(selection)).toBe(text)
  })

  it('has what is known of it, once', () => {
    expect(readSelection('a@Q4_K_M@Q4_K_M@nonsense,a@Q4_K_M@Q4_K_M@nonsense,').models).toEqual([
      { id: 'a', mixes: ['Q4_K_M'] },
    ])
  })
})

describe('what is shown at first', () => {
  it('is what is stored', () => {
    expect(firstSelection([...stored, ...catalogue])).toEqual({ allStored: true, models: [] })
  })
  it('is stand-ins of the catalogue where nothing is', () => {
    expect(writeSelection(firstSelection(catalogue))).toBe('llama-3.3-70b@Q4_K_M@Q8_0,qwen3-8b@Q4_K_M@Q8_0')
  })
})

it.each([
  ['stored', ['s1', 's2']],
  ['s2,nobody', ['s2']],
  ['stored,s1', ['s1', 's2']],
  ['qwen3-8b@Q8_0@Q2_K,llama-3.3-70b@Q4_K_M', ['qwen3-8b Q8_0', 'llama-3.3-70b Q4_K_M']],
])('%s stands for the files %j', (text, files) => {
  const refs = refsOf(readSelection(text), [...stored, ...catalogue])
  expect(refs.map((ref) => (ref.kind === 'stored' ? ref.id : `${ref.id} ${ref.mix}`))).toEqual(files)
})

describe('choosing', () => {
  const none: ModelSelection = { allStored: false, models: [] }
  it('takes a model in its usual mixes, and leaves it out', () => {
    const taken = withModel(none, catalogue[0]!, true)
    expect(writeSelection(taken)).toBe('llama-3.3-70b@Q4_K_M@Q8_0')
    expect(withModel(taken, catalogue[0]!, false)).toEqual(none)
    expect(writeSelection(withModel(none, choice('catalogue', 'x', ['MXFP4_MOE']), true))).toBe('x@MXFP4_MOE')
    expect(writeSelection(withModel(none, stored[0]!, true))).toBe('s1')
  })
  it('takes mixes in the model’s own order, and leaves it out with the last', () => {
    const taken = withModel(none, catalogue[0]!, true)
    const more = toggledMix(taken, catalogue[0]!, 'Q2_K')
    expect(writeSelection(more)).toBe('llama-3.3-70b@Q8_0@Q4_K_M@Q2_K')
    const fewer = ['Q2_K', 'Q8_0', 'Q4_K_M'].reduce((was, mix) => toggledMix(was, catalogue[0]!, mix), more)
    expect(fewer).toEqual(none)
  })
})
