import { bytes, fitParameters, type Model } from '@berth/core'
import type { ConformanceCase } from './case.ts'
import { runAsAsked } from './run-of-case.ts'

const MIB = 2 ** 20

/** What Berth's automatic fit decides differently from llama.cpp's; empty where it agrees or the case has no fit. */
export function fitDiffers(testCase: ConformanceCase, model: Model): readonly string[] {
  const { config, devices, expect } = testCase
  if (!config.fit || !expect.fit) return []
  const free = devices.map((device) => ({ free: bytes((device.free ?? device.total) * MIB) }))
  const ours = fitParameters(runAsAsked(testCase, model), free)
  const wanted = expect.fit
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['n_ctx', ours.contextLength, wanted.n_ctx],
    ['ngl', ours.gpuLayers, wanted.ngl],
    ['ts', ours.tensorSplit, wanted.ts],
    ['ot', ours.overrides.map(({ pattern, buffer }) => [pattern, buffer]), wanted.ot],
  ]
  return pairs
    .filter(([, got, want]) => JSON.stringify(got) !== JSON.stringify(want))
    .map(([what, got, want]) => `fit ${what}: ours ${JSON.stringify(got)}, llama.cpp ${JSON.stringify(want)}`)
}
