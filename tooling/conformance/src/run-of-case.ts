import {
  bytes,
  expertOverrides,
  HOST,
  layersByFlags,
  type Model,
  type Run,
  type RunSettings,
  type TensorOverride,
  tokens,
} from '@berth/core'
import type { CaseConfig, ConformanceCase } from './case.ts'

/** The run that a case's flags ask for, with what llama.cpp's own fit decided where it was let loose. */
export function runOfCase(testCase: ConformanceCase, model: Model): Run {
  const { config, expect } = testCase
  const decided = expect.fit
  if (!decided) return runAsAsked(testCase, model)
  const flags = {
    ...config,
    ctx: decided.n_ctx,
    ngl: decided.ngl,
    ts: decided.ts,
    ot: [...(config.ot ?? []), ...decided.ot],
  }
  return runAsAsked({ ...testCase, config: flags }, model)
}

/** The run as the flags alone have it. */
export function runAsAsked({ config, devices }: ConformanceCase, model: Model): Run {
  const deviceCount = config.sm === 'none' ? 1 : devices.length
  const shares = config.ts ?? []
  const given = shares.slice(0, deviceCount).some((share) => share !== 0)
  const free = devices.map((device) => (device.free ?? device.total) * 2 ** 20)
  return {
    model,
    settings: settingsOf(config),
    layout: {
      splitMode: config.sm,
      deviceCount,
      layers: layersByFlags({
        layerCount: model.blockCount + 1,
        gpuLayers: config.ngl,
        shares: given ? shares : free,
        deviceCount,
      }),
      overrides: overridesOf(config),
      tensorSplit: given ? shares : [],
    },
  }
}

const settingsOf = (config: CaseConfig): RunSettings => ({
  contextLength: tokens(config.ctx),
  parallel: config.seq,
  batchSize: tokens(config.batch),
  ubatchSize: tokens(config.ubatch),
  cacheTypeK: config.ctk,
  cacheTypeV: config.ctv,
  flashAttention: config.fa,
  kvUnified: config.kvu,
  swaFull: config.swa_full ?? false,
  offloadKqv: !config.nkvo,
  opOffload: config.op_offload ?? true,
  splitMode: config.sm,
  margin: bytes(0),
  outputsMax: config.outputs_max,
  pipelineAllowed: config.pp ?? true,
})

function overridesOf(config: CaseConfig): readonly TensorOverride[] {
  const experts = config.ncmoe === 0 ? [] : expertOverrides(config.ncmoe, HOST)
  const named = (config.ot ?? []).map(([pattern, buffer]) => {
    const device = /^CUDA(\d+)$/.exec(buffer)
    return { pattern, place: device ? Number(device[1]) : HOST }
  })
  return [...experts, ...named]
}
