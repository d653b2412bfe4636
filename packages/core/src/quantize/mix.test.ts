import { describe, expect, it } from 'vitest'
import { isMix, mixes, mixNames, mixOf } from './mix.ts'

describe('mixes', () => {
  it('has one file type each', () => {
    expect(new Set(mixNames.map((mix) => mixes[mix].fileType)).size).toBe(mixNames.length)
  })

  it.each([
    ['Q4_K_M', 15],
    ['IQ4_XS', 30],
    ['MXFP4_MOE', 38],
    ['BF16', 32],
  ] as const)('%s is llama_ftype %i', (mix, fileType) => {
    expect(mixes[mix].fileType).toBe(fileType)
  })

  it.each(['Q4_K', 'q4_k_m', 'COPY', '', 'toString'])('%j is no mix', (text) => {
    expect(isMix(text)).toBe(false)
  })

  it.each([
    [15, 'Q4_K_M'],
    [0, 'F32'],
    [1024, undefined],
    ['15', undefined],
    [undefined, undefined],
  ])('a file of type %j is %s', (fileType, mix) => {
    const metadata = fileType === undefined ? {} : { 'general.file_type': fileType }
    expect(mixOf({ metadata, trimmedArrayLengths: {}, tensors: [] })).toBe(mix)
  })
})
