import {
  describeModel,
  estimateMemory,
  HOST,
  layersByFlags,
  MIB,
  type Model,
  requestDefaults,
  type RunMemory,
  type RunSettings,
  tokens,
} from '@berth/core'
import { describe, expect, it } from 'vitest'
import { catalogueHeader } from './catalogue-model.ts'
import { findCatalogueModel } from './models/models.ts'

/**
 * What llama.cpp b8807 to b8893 logged for Qwen3.5-122B-A10B Q4_K_M on four Tesla P100, April 2026: figures of
 * github.com/miminashi/llm-server-ops, report/attachment. Experts of some blocks were kept on the host by `-ot`. The first
 * card also takes their uploads, which depend on the types in that very file; the other three and the host do not.
 */
const build = 8829
const equalShares = [1, 1, 1, 1]
const onDevicesEqual = '14|15|16|17|18|19|31|32|33|34|35|36'
const growingShares = [11, 12, 13, 14]
const onDevicesGrowing = '0|1|2|3|12|13|14|15|16|17|24|25|26|36|37|38|39|40|41|42'

const describeNamed = (id: string): Model => {
  const described = describeModel(catalogueHeader(findCatalogueModel(id)!, 'Q4_K_M'))
  if (!described.ok) throw new Error(described.issue.code)
  return described.value
}

interface Logged {
  readonly context: number
  readonly ubatch: number
  readonly flashAttention: 'on' | 'off'
  readonly cache: 'f16' | 'q8_0' | 'q4_0'
  readonly shares: readonly number[]
}

function run(model: Model, logged: Logged, llamaCppBuild: number | undefined): RunMemory {
  const settings: RunSettings = {
    ...requestDefaults,
    contextLength: tokens(logged.context),
    batchSize: tokens(Math.max(2048, logged.ubatch)),
    ubatchSize: tokens(logged.ubatch),
    cacheTypeK: logged.cache,
    cacheTypeV: logged.cache,
    flashAttention: logged.flashAttention,
    outputsMax: 1,
    pipelineAllowed: true,
    ...(llamaCppBuild !== undefined && { llamaCppBuild }),
  }
  const { shares } = logged
  const layers = layersByFlags({ layerCount: model.blockCount + 1, gpuLayers: -1, shares, deviceCount: 4 })
  const onDevices = shares === equalShares ? onDevicesEqual : onDevicesGrowing
  const overrides = [{ pattern: `blk\\.(?!(${onDevices})\\.)\\d+\\.ffn_.*_exps`, place: HOST }]
  return estimateMemory({ model, settings, layout: { splitMode: 'layer', deviceCount: 4, layers, overrides } })
}

/** As the log prints it. */
const printed = (bytes: number): number => Number((bytes / MIB).toFixed(2))

describe('a build of April 2026', () => {
  const model = describeNamed('qwen3.5-122b-a10b')

  it.each<readonly [context: number, ubatch: number, cache: Logged['cache'], readonly number[], readonly number[]]>([
    [4096, 4096, 'f16', equalShares, [944.13, 944.13, 4024, 160.16]],
    [65536, 8192, 'f16', equalShares, [2848.25, 2848.25, 8048, 2240.31]],
    [32768, 1664, 'q4_0', equalShares, [474.82, 474.82, 1634.75, 247.33]],
    [32768, 1586, 'q8_0', equalShares, [452.57, 452.57, 1558.12, 235.75]],
    [131072, 8192, 'q8_0', equalShares, [3872.52, 3872.52, 8048, 4288.58]],
    [32768, 256, 'q8_0', growingShares, [73.27, 73.27, 251.5, 38.28]],
    [98304, 256, 'q8_0', growingShares, [105.27, 105.27, 251.5, 102.28]],
    [131072, 256, 'q8_0', growingShares, [121.27, 121.27, 251.5, 134.28]],
    [131072, 1024, 'q8_0', growingShares, [484.3, 484.3, 1006, 536.3]],
  ])('context %d, ubatch %d, %s cache', (context, ubatch, cache, shares, log) => {
    const logged = { context, ubatch, flashAttention: 'on', cache, shares } as const
    const { devices, host } = run(model, logged, build)
    expect([...devices.slice(1), host].map(({ compute }) => printed(compute))).toEqual(log)
    // The profile is what makes the difference: today's host needs less, and no device the same.
    const now = run(model, logged, undefined)
    expect(now.host.compute).toBeLessThan(host.compute)
    for (const at of [1, 2, 3]) expect(now.devices[at]!.compute).not.toBe(devices[at]!.compute)
  })

  it.each<readonly [context: number, ubatch: number, number[]]>([
    [4096, 4096, [2656.09, 4024, 176.13]],
    [1024, 1024, [268.02, 1006, 32.03]],
  ])('context %d, ubatch %d, without flash attention', (context, ubatch, log) => {
    const logged = { context, ubatch, flashAttention: 'off', cache: 'f16', shares: equalShares } as const
    const { devices, host } = run(model, logged, build)
    // The third card's depends on which of its blocks keep their experts, which the log does not tell.
    expect([devices[1]!, devices[3]!, host].map(({ compute }) => printed(compute))).toEqual(log)
  })
})
