import { describe, expect, it } from 'vitest'
import type { Engine } from '../engines/engine.ts'
import { llamaCpp } from '../engines/llama-cpp.ts'
import { requestDefaults } from '../memory/settings.ts'
import { formatBytes, tokens } from '../units.ts'
import { engineOf, engines } from '../engines/index.ts'
import { engineAlone } from './engine-alone.ts'
import { llama8b, llamaModel, machineOf } from './fixtures.ts'
import { explainOwnChoice } from './own-placements.ts'
import { judge, plan } from './plan.ts'

/** llama.cpp's own fit, as an engine that takes no split. */
const engine: Engine = { ...llamaCpp, controls: { ...llamaCpp.controls, placesItself: true } }
const model = llamaModel(llama8b)
const request = { ...requestDefaults, contextLength: tokens(8192) }
const shownOf = (gibs: readonly number[]): readonly (readonly string[])[] => {
  const verdict = plan({ model, engine, request, machine: machineOf(gibs.map((gib) => ({ gib }))) })
  const placements = verdict.fits ? [verdict.best, ...verdict.others] : [verdict.nearest!]
  return placements.map(({ split }) => split.devices.map(({ device, layers }) => `${device}:${layers}`))
}

describe('an engine that places layers itself', () => {
  it('is shown single devices, and the roomiest together', () => {
    const shown = shownOf([24, 12, 16]).map((devices) => devices.map((one) => one.split(':')[0]))
    expect(new Set(shown.map(String))).toEqual(new Set(['gpu-0', 'gpu-1', 'gpu-2', 'gpu-0,gpu-2', 'gpu-0,gpu-1,gpu-2']))
  })

  it('is shown one of several alike devices alone', () => {
    const alone = shownOf([24, 24, 24]).filter((devices) => devices.length === 1)
    expect(alone).toEqual([['gpu-0:33']])
  })

  it('holds the layers it would choose, not the ones a search would', () => {
    const machine = machineOf([{ gib: 4 }, { gib: 4 }])
    const verdict = plan({ model, engine, request, machine })
    const placement = verdict.fits ? verdict.best : verdict.nearest!
    expect(placement.split.devices.map(({ layers }) => layers).reduce((a, b) => a + b)).toBeLessThan(33)
  })

  it('is shown as many devices as spare the host most', () => {
    const machine = machineOf([{ gib: 4 }, { gib: 4 }, { gib: 4 }], 64)
    const verdict = plan({ model, engine: engines.ollama, request, machine })
    if (!verdict.fits) throw new Error('does not fit')
    const { split } = verdict.best
    expect([split.devices.length, split.hostBlocks]).toEqual([3, 0])
    expect(verdict.others).toEqual([])
  })

  it('is told to leave free what the driver adds, until every margin is kept', () => {
    const machine = machineOf([{ gib: 4 }], 64)
    const verdict = plan({ model, engine: engines.ollama, request, machine })
    if (!verdict.fits) throw new Error('does not fit')
    const { settings, memory } = verdict.best
    for (const { headroom } of memory) expect(headroom).toBeGreaterThanOrEqual(0)
    const [told] = settings.toldMargins ?? []
    expect(told).toBeGreaterThan(request.margin)
    const { environment } = engines.ollama.launch({
      placement: verdict.best,
      machine,
      source: { kind: 'path', path: 'm' },
    })
    const target = environment.find(({ name }) => name === 'LLAMA_ARG_FIT_TARGET')!.value
    expect(Number(target.split(',')[0])).toBe(Math.ceil(told! / 2 ** 20))
  })

  it('is not shown more devices than it uses', () => {
    const machine = machineOf([{ gib: 24 }, { gib: 24 }, { gib: 16 }])
    const verdict = plan({ model, engine: engines.ollama, request, machine })
    const placements = verdict.fits ? [verdict.best, ...verdict.others] : []
    expect(placements.map(({ split }) => split.devices.map(({ device, layers }) => `${device}:${layers}`))).toEqual([
      ['gpu-0:33'],
      ['gpu-2:33'],
    ])
  })

  it('takes no split by hand', () => {
    const machine = machineOf([{ gib: 24 }])
    const split = {
      devices: [{ device: machine.devices[0]!.id, layers: 33 }],
      hostBlocks: 0,
      expertsOnHost: 0,
      overrides: [],
    }
    expect(judge({ model, engine, request, machine, split })).toEqual({
      reasons: [
        {
          code: 'setting-not-supported',
          setting: 'split',
          value: 'by hand',
          because: 'engine-places-layers-itself',
        },
      ],
    })
  })
})

describe('how an engine comes to its choice', () => {
  const input = { model, request, machine: machineOf([{ gib: 24 }, { gib: 24 }]) }
  const told = (own: Engine): readonly string[] => {
    const verdict = plan({ ...input, engine: own })
    return verdict.fits ? explainOwnChoice({ ...input, engine: own }, verdict.best) : []
  }

  it.each([
    ['ollama', undefined, /^Ollama predicts /],
    ['ollama', '0.6', /: weights of the blocks on the GPUs$/],
    ['koboldcpp', undefined, /^Its autofit keeps 1 GiB of every GPU free and puts 33 of 33 layers on the GPUs\.$/],
  ] as const)('of %s %s is told a decision a sentence', (id, version, first) =>
    expect(told(engineOf(id, version)!)[0]).toMatch(first),
  )

  it('is told of the context that was asked for, not of the cells beside it', () =>
    expect(told(engines.koboldcpp).find((sentence) => sentence.startsWith('By the file'))).toContain(
      'for a context of 8,192,',
    ))

  it('is told of the context that the engine left alone gives itself', () => {
    const open = { ...input, engine: engines.koboldcpp, request: requestDefaults }
    const alone = engineAlone(open)!
    expect(alone.placement.settings.contextLength).toBe(8192 + 128)
    expect(explainOwnChoice(open, alone.placement).join(' ')).toContain('for a context of 8,192,')
  })

  it('comes to the layers that are planned, with what the engine is told to leave free', () => {
    const few = { ...input, engine: engines.ollama, machine: machineOf([{ gib: 4 }], 64) }
    const verdict = plan(few)
    if (!verdict.fits) throw new Error('does not fit')
    const { settings, split } = verdict.best
    expect(explainOwnChoice(few, verdict.best).at(-1)).toBe(
      `llama-server's own fit, told to leave ${formatBytes(settings.toldMargins![0]!)} free, puts ${split.devices[0]!.layers} of 33 layers on the GPUs.`,
    )
  })

  it('is the same where the settings of the placement are what is asked for', () => {
    const slots = { ...request, parallel: 4, ubatchSize: tokens(128) }
    const asked = { ...input, engine: engineOf('ollama', '0.6')!, request: slots }
    const verdict = plan(asked)
    if (!verdict.fits) throw new Error('does not fit')
    const { best } = verdict
    expect(explainOwnChoice({ ...asked, request: best.settings }, best)).toEqual(explainOwnChoice(asked, best))
  })

  it('is nothing where it has nothing to tell', () => expect(told(llamaCpp)).toEqual([]))
})
