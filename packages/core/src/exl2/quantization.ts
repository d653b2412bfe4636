import { isObject, own } from './config-facts.ts'
import type { JsonObject } from './header.ts'
import type { Exl2Linear, Exl2Quantization } from './model.ts'
import type { Parts } from './parts.ts'
import { Exl2Refusal } from './refusal.ts'

/**
 * What the converter says of itself (`compile_model` of both engines), and what the tensors say.
 *
 * @throws Exl2Refusal `not-exl2` where no matrix of a block is quantized
 */
export function describeQuantization(stated: JsonObject, { format, blocks, head }: Parts): Exl2Quantization {
  const quantized = blocks
    .flatMap(({ attention, feedForward }) => [...attention.linears, ...feedForward.linears])
    .filter((linear) => linear.format !== 'plain')
  if (quantized.length === 0) throw new Exl2Refusal({ code: 'not-exl2' })
  const each = quantized.map((linear) => bitsOf([linear]))
  const version = own(stated, 'version')
  const calibration = calibrationOf(stated)
  const statedBits = numberOf(stated, 'bits')
  const statedHeadBits = numberOf(stated, 'head_bits')
  return {
    format,
    ...(typeof version === 'string' && { version: version.slice(0, 80) }),
    ...(statedBits !== undefined && { statedBits }),
    ...(statedHeadBits !== undefined && { statedHeadBits }),
    bits: bitsOf(quantized),
    headBits: bitsOf(head.linears),
    leastBits: each.reduce((least, bits) => Math.min(least, bits), Infinity),
    mostBits: each.reduce((most, bits) => Math.max(most, bits), 0),
    ...(calibration && { calibration }),
  }
}

/** Everything that is stored for the matrices, over their weights. */
function bitsOf(linears: readonly Exl2Linear[]): number {
  const stored = linears.reduce((sum, { tensors }) => sum + tensors.reduce((all, { bytes }) => all + bytes, 0), 0)
  const weights = linears.reduce((sum, { count, inFeatures, outFeatures }) => sum + count * inFeatures * outFeatures, 0)
  return (8 * stored) / weights
}

function calibrationOf(stated: JsonObject): Exl2Quantization['calibration'] {
  const found = own(stated, 'calibration')
  if (!isObject(found)) return undefined
  const rows = numberOf(found, 'rows')
  // ExLlamaV3 calls the same thing columns.
  const length = numberOf(found, 'length') ?? numberOf(found, 'cols')
  const dataset = own(found, 'dataset')
  if (rows === undefined || length === undefined) return undefined
  return { rows, length, ...(typeof dataset === 'string' && { dataset: dataset.slice(0, 80) }) }
}

const numberOf = (from: JsonObject, key: string): number | undefined => {
  const found = own(from, key)
  return typeof found === 'number' && Number.isFinite(found) && found >= 0 ? found : undefined
}
