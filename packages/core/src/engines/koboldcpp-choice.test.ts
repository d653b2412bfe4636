import { describe, expect, it } from 'vitest'
import type { Backend, Machine } from '../machine/machine.ts'
import { requestDefaults, type RunRequest } from '../memory/settings.ts'
import type { Model } from '../model/model.ts'
import { engineAlone } from '../placement/engine-alone.ts'
import { explainAlone } from '../placement/explain-alone.ts'
import { llama8b, llamaModel, machineOf } from '../placement/fixtures.ts'
import { plan } from '../placement/plan.ts'
import { gibibytes, mebibytes, tokens } from '../units.ts'
import type { OpenRun } from './engine.ts'
import { chooseByAutofit, estimateFor } from './koboldcpp-choice.ts'
import { engineOf, engines } from './index.ts'

const engine = engines.koboldcpp
const model = llamaModel(llama8b)
const ask = (changes: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(8192),
  ...changes,
})

function openRun(machine: Machine, changes: Partial<RunRequest> = {}, about: Partial<Model> = {}): OpenRun {
  const devices = machine.devices.map((device) => ({ device, free: device.memoryTotal }))
  const described = { ...model, ...about }
  return { model: described, settings: engine.settings(ask(changes), described), devices }
}

const layersOn = (run: OpenRun): readonly number[] => {
  const { layout } = chooseByAutofit(run)!
  return run.devices.map((_, position) => layout.layers.filter((place) => place === position).length)
}

describe('KoboldCpp left alone', () => {
  it('offloads every layer where all fit, with 1024 MiB to spare', () => {
    const run = openRun(machineOf([{ gib: 24 }]))
    expect(chooseByAutofit(run)?.outcome).toBe('unchanged')
    expect(layersOn(run)).toEqual([33])
  })

  it('keeps the context that was asked for, and puts layers on the host', () => {
    const run = openRun(machineOf([{ gib: 4 }]))
    const choice = chooseByAutofit(run)!
    expect(choice.outcome).toBe('fitted')
    expect(choice.settings.contextLength).toBe(8320)
    expect(layersOn(run)[0]).toBeGreaterThan(0)
    expect(layersOn(run)[0]).toBeLessThan(33)
  })

  it('keeps as much free on every card as llama.cpp does by itself', () => {
    const run = openRun(machineOf([{ gib: 4 }, { gib: 3 }]))
    const { layout } = engines['llama.cpp'].choose!(run)!
    expect(chooseByAutofit(run)?.layout.layers).toEqual(layout.layers)
  })

  it('takes its default context where none was asked for', () => {
    const run = openRun(machineOf([{ gib: 24 }]))
    const open = { ...run, settings: { ...run.settings, contextLength: tokens(0) } }
    expect(chooseByAutofit(open)?.settings.contextLength).toBe(8320)
  })

  it('loads what its older estimate recommends where the fit gives up', () => {
    // The fit refuses this split mode.
    const run = openRun(machineOf([{ gib: 3 }, { gib: 3 }]))
    const failing = { ...run, settings: { ...run.settings, splitMode: 'row' as const } }
    const choice = chooseByAutofit(failing)!
    expect(choice.outcome).toBe('failed')
    const { layers } = estimateFor(run)
    expect(layers).toBeGreaterThan(0)
    expect(choice.layout.layers.filter((place) => place >= 0)).toHaveLength(layers)
  })

  it('puts everything on Apple silicon, fit or not', () => {
    const backend: Backend = 'metal'
    const run = openRun(machineOf([{ gib: 1, backend }]))
    expect(chooseByAutofit(run)?.outcome).toBe('unchanged')
    expect(layersOn(run)).toEqual([33])
  })

  it('is told beside the plan', () => {
    const machine = machineOf([{ gib: 6 }], 64)
    const input = { model, machine, engine, request: ask({ margin: mebibytes(256) }) }
    const verdict = plan(input)
    const found = engineAlone(input)!
    if (!verdict.fits) throw new Error('does not fit')
    expect(found.reasons).toEqual([])
    expect(explainAlone(found, verdict.best, machine)).toMatch(
      /^koboldcpp left alone would hold \d+ of 33 layers on the GPUs/,
    )
  })

  it('of April 2024 offloads nothing by itself', () => {
    const input = { model, machine: machineOf([{ gib: 24 }]), engine: engineOf('koboldcpp', '1.63')!, request: ask() }
    expect(engineAlone(input)).toBeUndefined()
  })
})

describe('the older estimate', () => {
  it('takes several cards for one of the smallest, and counts what others hold', () => {
    const one = estimateFor(openRun(machineOf([{ gib: 8 }])))
    const two = estimateFor(openRun(machineOf([{ gib: 24 }, { gib: 8 }])))
    expect(two).toEqual(one)
    expect(one.input).toMatchObject({ memoryTotal: gibibytes(8), contextSize: 8192, batchSize: 512, blockCount: 32 })
  })

  it('looks at four cards only', () => {
    const many = machineOf([{ gib: 24 }, { gib: 24 }, { gib: 24 }, { gib: 24 }, { gib: 2 }])
    expect(estimateFor(openRun(many)).input.memoryTotal).toBe(gibibytes(24))
  })

  it('reads what the tool reported, where a plan counts with less', () => {
    const reported = { bytes: gibibytes(8), provenance: 'measured' } as const
    const cards = machineOf([{ gib: 7.5, changes: { memory: { reported } } }])
    expect(estimateFor(openRun(cards)).input.memoryTotal).toBe(gibibytes(8))
  })

  it('reads heads that the header gives a block each as none', () => {
    const listed = { hyperparameter: (key: string) => (key === 'attention.head_count_kv' ? [8, 8] : undefined) }
    const estimate = estimateFor(openRun(machineOf([{ gib: 8 }]), {}, listed))
    expect(estimate.input.headCountKv).toBe(0)
    expect(estimate.shareByCache).toBeUndefined()
  })
})
