import type { GgufHeader } from '@berth/core'
import { expect, it } from 'vitest'
import { solveRefusals } from './solve-refusals.ts'

const header: GgufHeader = { metadata: {}, trimmedArrayLengths: {}, tensors: [] }
const loading = 'The model is still being loaded.'

it.each([
  ['not loaded', undefined, 'catalogue', { context: loading, slots: loading, 'cache-type': loading, mix: loading }],
  ['of several mixes', { header, mixes: { base: header, names: ['Q8_0', 'F16'] } }, 'catalogue', {}],
  ['of one mix', { header }, 'catalogue', { mix: 'The catalogue has this model in one quantization only.' }],
  [
    'stored',
    { header },
    'stored',
    { mix: 'A stored file is as it is: models of the catalogue are offered in several quantizations.' },
  ],
] as const)('a model %s', (_, subject, kind, refusals) => {
  expect(solveRefusals(subject, { kind }, 'llama.cpp')).toEqual(refusals)
})

it('nothing is solved for on an engine of folders', () => {
  const refusals = solveRefusals({ header }, { kind: 'stored' }, 'tabbyapi')
  expect(Object.keys(refusals)).toEqual(['context', 'slots', 'cache-type', 'mix'])
})
