import { requestDefaults } from '@berth/core'
import { createLoader, createSerializer } from 'nuqs/server'
import { describe, expect, it } from 'vitest'
import { memoryParsers, memoryRequestOf } from './memory-inputs.ts'

const read = createLoader(memoryParsers)

describe('memory inputs', () => {
  it('start from llama.cpp’s defaults, a context of 8192 and a common card', () => {
    expect(memoryRequestOf(read(''))).toEqual({
      request: { ...requestDefaults, contextLength: 8192 },
      capability: '8.6',
    })
  })

  it('survive the address bar beside the mix of a catalogue model', () => {
    const query = '?mix=Q4_K_M&ctx=32768&np=4&ctk=q8_0&ctv=q4_0&ub=1024&fa=on&kvu=true&cc=9.0'
    const write = createSerializer(memoryParsers)
    expect(read(write(read(query)))).toEqual(read(query))
    expect(memoryRequestOf(read(query))).toMatchObject({
      request: { contextLength: 32768, parallel: 4, cacheTypeV: 'q4_0', kvUnified: true },
      capability: '9.0',
    })
  })

  it('take what is no known card for the common one', () => {
    expect(memoryRequestOf(read('?cc=5.0')).capability).toBe('8.6')
  })
})
