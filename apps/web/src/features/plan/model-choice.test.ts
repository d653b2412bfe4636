import { describe, expect, it } from 'vitest'
import { matching, mixFor, type ModelChoice, sourceOf } from './model-choice.ts'
import { storedSource } from './model-source.ts'

const choice = (more: Partial<ModelChoice> = {}): ModelChoice => ({
  kind: 'catalogue',
  format: 'gguf',
  id: 'llama-3.3-70b',
  name: 'Llama 3.3 70B Instruct',
  detail: 'Llama 3 · 70.6B',
  mixes: ['Q8_0', 'Q4_K_M', 'Q2_K'],
  ...more,
})

describe('mixFor', () => {
  it.each([
    ['keeps the mix that was chosen', choice(), 'Q2_K', 'Q2_K'],
    ['falls back to the usual one', choice(), 'IQ1_S', 'Q4_K_M'],
    ['takes the first where the usual one is missing', choice({ mixes: ['MXFP4_MOE'] }), null, 'MXFP4_MOE'],
    ['has none for a stored model', choice({ kind: 'stored', mixes: [] }), 'Q2_K', null],
  ])('%s', (_, model, current, expected) => expect(mixFor(model, current)).toBe(expected))
})

describe('matching', () => {
  const choices = [choice(), choice({ id: 'b', name: 'Qwen3 8B', detail: 'Qwen 3 · 8.2B' })]
  it.each([
    ['', 2],
    ['llama 70b', 1],
    ['70B LLAMA', 1],
    ['qwen llama', 0],
  ])('finds by every word of "%s"', (search, count) => expect(matching(choices, search)).toHaveLength(count))
})

describe('where an engine finds the file', () => {
  it.each([
    ['hf:org/repo/sub/model-Q4_K_M.gguf', { kind: 'hub', repository: 'org/repo', file: 'sub/model-Q4_K_M.gguf' }],
    ['/srv/models/model.gguf', { kind: 'path', path: '/srv/models/model.gguf' }],
    ['https://host/a/model.gguf', { kind: 'path', path: 'model.gguf' }],
    ['model.gguf', { kind: 'path', path: 'model.gguf' }],
  ])('of %s', (address, expected) =>
    expect(storedSource({ format: 'gguf', address, fileName: 'model.gguf' })).toEqual(expected),
  )

  it.each([
    ['https://huggingface.co/org/repo/tree/4.0bpw', { kind: 'hub', repository: 'org/repo', revision: '4.0bpw' }],
    ['https://models.example/org/repo/tree/4.0bpw', { kind: 'path', path: 'models/repo 4.0bpw' }],
    ['/srv/models/folder', { kind: 'path', path: '/srv/models/folder' }],
  ])('of the folder %s', (address, expected) =>
    expect(storedSource({ format: 'exl2', address, fileName: 'repo 4.0bpw' })).toEqual(expected),
  )

  it('of a catalogue model is a name for it', () => {
    expect(sourceOf(choice(), 'Q4_K_M')).toEqual({ kind: 'path', path: 'llama-3.3-70b-Q4_K_M.gguf' })
  })
})
