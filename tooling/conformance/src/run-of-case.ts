import {
  bytes,
  expertOverrides,
  HOST,
  layersByFlags,
  type Model,
  type Run,
  type TensorOverride,
  tokens,
} from '@berth/core'
import type { CaseConfig, ConformanceCase } from './case.ts'

/** The run that a case's flags ask for, with what llama.cpp's own fit decided where it was let loose. */
export function runOfCase({ config, devices, expect }: ConformanceCase, model: Model): Run {
  const decided = expect.fit
  const gpuLayers = decided ? decided.ngl : config.ngl
  const deviceCount = config.sm === 'none' ? 1 : devices.length
  const shares = decided ? decided.ts : (config.ts ?? [])
  const free = devices.map((device) => (device.free ?? device.total) * 2 ** 20)
  const given = shares.slice(0, deviceCount).some((share) => share !== 0)
  return {
    model,
    settings: {
      contextLength: tokens(decided ? decided.n_ctx : config.ctx),
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
    },
    layout: {
      splitMode: config.sm,
      deviceCount,
      layers: layersByFlags({
        layerCount: model.blockCount + 1,
        gpuLayers,
        shares: given ? shares : free,
        deviceCount,
      }),
      overrides: overridesOf(config, decided?.ot ?? []),
      tensorSplit: given ? shares : [],
    },
  }
}

function overridesOf(config: CaseConfig, decided: readonly (readonly [string, string])[]): readonly TensorOverride[] {
  const experts = config.ncmoe === 0 ? [] : expertOverrides(config.ncmoe, HOST)
  const named = [...(config.ot ?? []), ...decided].map(([pattern, buffer]) => {
    const device = /^CUDA(\d+)$/.exec(buffer)
    return { pattern, place: device ? Number(device[1]) : HOST }
  })
  return [...experts, ...named]
}
