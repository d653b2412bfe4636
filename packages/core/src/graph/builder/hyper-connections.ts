import { add, cast, concat, mul, mulMat, reshape, rmsNorm, scale, unary, view1d, view2d } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'

/**
 * Hyper-connections: several residual streams, of which a part of a block reads a weighted sum and to which it adds its
 * result in other proportions. src/models/hy-v4.cpp: `build_hc_pre`, `build_hc_post`, `build_hc_head`.
 */
export interface HyperWeights {
  readonly matrix: GraphTensor
  readonly factors: GraphTensor
  readonly offsets: GraphTensor
}

const F32_BYTES = 4

/** Streams: width × streams × tokens. */
const streamOf = (x: GraphTensor, stream: number): GraphTensor =>
  view2d(x, [x.ne[0], x.ne[2]], x.nb[2], stream * x.nb[1])

/** Proportions of one stream: a number a token. */
const proportionOf = (proportions: GraphTensor, stream: number): GraphTensor =>
  view2d(proportions, [1, proportions.ne[1]], proportions.nb[1], stream * proportions.nb[0])

const mixesOf = (x: GraphTensor, matrix: GraphTensor): GraphTensor =>
  mulMat(matrix, rmsNorm(reshape(x, x.ne[0] * x.ne[1], x.ne[2])))

function sumOfStreams(x: GraphTensor, proportions: GraphTensor): GraphTensor {
  const full = cast(x, 'f32')
  const parts = Array.from({ length: x.ne[1] }, (_, stream) =>
    mul(streamOf(full, stream), proportionOf(proportions, stream)),
  )
  return cast(
    parts.reduce((sum, part) => add(sum, part)),
    x.type,
  )
}

export interface Gathered {
  /** What the part of the block reads. */
  readonly input: GraphTensor
  /** How its result is shared out. */
  readonly shares: GraphTensor
}

export function gatherStreams(x: GraphTensor, { matrix, factors, offsets }: HyperWeights): Gathered {
  const [streams, tokens] = [x.ne[1], x.ne[2]]
  const mixes = mixesOf(x, matrix)
  const proportions = (half: 0 | 1): GraphTensor => {
    const raw = view2d(mixes, [streams, tokens], mixes.nb[1], half * streams * F32_BYTES)
    const scaled = mul(raw, view1d(factors, 1, half * F32_BYTES))
    return unary(add(scaled, view1d(offsets, streams, half * streams * F32_BYTES)), 'sigmoid')
  }
  return { input: sumOfStreams(x, scale(proportions(0))), shares: scale(scale(proportions(1))) }
}

/** `x`: width × tokens. */
export function shareOut(x: GraphTensor, residual: GraphTensor, shares: GraphTensor): GraphTensor {
  const [width, streams, tokens] = residual.ne
  const [full, fullShares, fullResidual] = [cast(x, 'f32'), cast(shares, 'f32'), cast(residual, 'f32')]
  const parts = Array.from({ length: streams }, (_, stream) =>
    reshape(add(streamOf(fullResidual, stream), mul(full, proportionOf(fullShares, stream))), width, 1, tokens),
  )
  return cast(
    parts.reduce((joined, part) => concat(joined, part, 1)),
    residual.type,
  )
}

/** One stream of all, before the final norm. */
export function collapseStreams(x: GraphTensor, { matrix, factors, offsets }: HyperWeights): GraphTensor {
  const proportions = unary(add(mul(mixesOf(x, matrix), factors), offsets), 'sigmoid')
  return sumOfStreams(x, scale(proportions))
}
