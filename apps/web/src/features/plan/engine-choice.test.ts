import { engines } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { engineNamed, engineOptions, readEngine, writeEngine } from './engine-choice.ts'

describe('the engine in an address', () => {
  it('is every version that is offered', () => {
    for (const { value } of engineOptions) {
      expect(writeEngine(readEngine(value))).toBe(value)
      expect(engineNamed(value).id).toBe(readEngine(value).engine)
    }
    expect(new Set(engineOptions.map(({ label }) => label)).size).toBe(engineOptions.length)
  })

  it.each([
    ['vllm', 'llama.cpp'],
    ['', 'llama.cpp'],
    ['llama.cpp@0.0.1', 'llama.cpp'],
    [`llama.cpp@${engines['llama.cpp'].version}`, 'llama.cpp'],
    ['__proto__', 'llama.cpp'],
  ])('of %j is %s', (text, expected) => expect(writeEngine(readEngine(text))).toBe(expected))
})
