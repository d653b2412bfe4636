import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { requestDefaults, type RunRequest } from '../memory/settings.ts'
import { llama8b, llamaModel, machineOf } from '../placement/fixtures.ts'
import { tokens } from '../units.ts'
import { contextCurves } from './context-curve.ts'
import type { Model } from './model.ts'

const engine = engines['llama.cpp']

function curvesOf(model: Model, request: Partial<RunRequest> = {}) {
  const asked = { ...requestDefaults, contextLength: tokens(8192), ...request }
  const layout = {
    splitMode: 'none',
    deviceCount: 1,
    layers: Array.from({ length: model.blockCount + 1 }, () => 0),
    overrides: [],
  } as const
  const run = { model, settings: engine.settings(asked, model), layout }
  return contextCurves({ run, engine, request: asked, machine: machineOf([]) })
}

describe('contextCurves', () => {
  const model = llamaModel({ ...llama8b, trained: 20_000 })

  it('doubles up to the trained length, in every type', () => {
    // 32 blocks × cells padded to 256 × (K 1,024 + V 1,024) elements
    const at = (cells: number, bytesPerElement: number): number => 32 * cells * 2048 * bytesPerElement
    const lengths = [4096, 8192, 16384, 20000]
    const curve = (cacheType: string, element: number) => ({
      cacheType,
      points: lengths.map((contextLength) => ({
        contextLength,
        bytes: at(Math.ceil(contextLength / 256) * 256, element),
      })),
    })
    expect(curvesOf(model)).toEqual([curve('f16', 2), curve('q8_0', 34 / 32), curve('q4_0', 18 / 32)])
  })

  it('leaves out the types that the engine refuses', () => {
    expect(curvesOf(model, { flashAttention: 'off' }).map(({ cacheType }) => cacheType)).toEqual(['f16'])
  })

  it('begins lower for a model trained for little', () => {
    const [curve] = curvesOf(llamaModel({ ...llama8b, trained: 1024 }))
    expect(curve!.points.map(({ contextLength }) => contextLength)).toEqual([256, 512, 1024])
  })

  it('is empty where no length makes a difference', () => {
    const contexts = model.contexts.map(() => ({ kind: 'recurrent', convolutionState: 8, recurrentState: 8 }) as const)
    expect(curvesOf({ ...model, contexts })).toEqual([])
  })
})
