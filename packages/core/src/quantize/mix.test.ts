import { describe, expect, it } from 'vitest'
import { isMix, mixes, mixNames } from './mix.ts'

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
})
