import { engines } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { engineFor, engineNamed, engineOptions, readEngine, writeEngine } from './engine-choice.ts'

describe('the engine in an address', () => {
  it('is every version that is offered', () => {
    for (const { value } of engineOptions()) {
      expect(writeEngine(readEngine(value))).toBe(value)
      expect(engineNamed(value).id).toBe(readEngine(value).engine)
    }
    expect(new Set(engineOptions().map(({ label }) => label)).size).toBe(engineOptions().length)
  })

  it.each([
    ['gguf', 'llama.cpp', 'llama.cpp'],
    ['gguf', 'tabbyapi', 'llama.cpp'],
    ['exl2', 'llama.cpp', 'tabbyapi'],
    ['exl2', 'exllamav2', 'exllamav2'],
    ['exl2', 'exllamav3', 'tabbyapi'],
    ['exl3', 'exllamav3', 'exllamav3'],
    ['exl3', 'exllamav2', 'tabbyapi'],
  ] as const)('for a model of %s and %s is %s', (format, text, expected) => {
    expect(engineFor(format, text)).toBe(expected)
  })

  it('says of every engine whether it reads the model', () => {
    const read = engineOptions('exl3').filter(({ disabled }) => !disabled)
    expect(read.map(({ value }) => value)).toEqual(['exllamav3', 'tabbyapi'])
    expect(engineOptions('exl3')[0]!.label).toMatch(/ \(reads no EXL3\)$/)
  })

  it.each([
    ['vllm', 'llama.cpp'],
    ['', 'llama.cpp'],
    ['llama.cpp@0.0.1', 'llama.cpp'],
    [`llama.cpp@${engines['llama.cpp'].version}`, 'llama.cpp'],
    ['__proto__', 'llama.cpp'],
  ])('of %j is %s', (text, expected) => expect(writeEngine(readEngine(text))).toBe(expected))
})
