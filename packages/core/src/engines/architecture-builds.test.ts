import { describe, expect, it } from 'vitest'
import { architectureBuilds, architecturesOf } from './architecture-builds.ts'
import { loadableArchitectures } from './llama-cpp-architectures.ts'

/** Of 0.5.0-dev, and in none of the lists that releases up to b10361 came with. */
const newer = [
  ...['bailingmoe3', 'dots3note', 'granite_swa', 'hrm_text', 'hy_v4', 'kimi-k3', 'maple', 'minimax-01', 'pockettts'],
  ...['qwen4exp', 'spark2_5'],
]

describe('architectureBuilds', () => {
  it('dates every architecture that 0.5.0-dev loads once, but for the newest', () => {
    const names = architectureBuilds.flatMap(([, group]) => group.split(/\s+/))
    expect([...names, ...newer].toSorted()).toEqual([...loadableArchitectures].toSorted())
  })

  it('goes from old to new', () => {
    const builds = architectureBuilds.map(([build]) => build)
    expect(builds).toEqual(builds.toSorted((left, right) => left - right))
  })
})

describe('architecturesOf', () => {
  // What each release of llama.cpp was made for, or just missed.
  it.each([
    [3542, 'llama', false],
    [3595, 'llama', true],
    [3595, 'exaone', true],
    [3595, 'rwkv6', false],
    [4874, 'gemma3', false],
    [4875, 'gemma3', true],
    [5994, 'gpt-oss', false],
    [6096, 'gpt-oss', true],
    [10_103, 'laguna', true],
    [10_221, 'muse-glimmer', false],
    [99_999, 'kimi-k3', false],
  ])('b%d and %s: %s', (build, architecture, loads) => {
    expect(architecturesOf(build).has(architecture)).toBe(loads)
  })
})
