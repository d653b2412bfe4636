import { add, getRows, mul, mulMat, scale, unary } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { emit, type GraphBuilder, hostTensor, missing, outputTensor } from './builder.ts'
import { buildNorm, type NormKind } from './norm.ts'

export interface HeadOptions {
  readonly kind?: NormKind
  /** `final_logit_softcapping`. */
  readonly softcap?: boolean
  /** A scale on the logits. */
  readonly scaled?: boolean
  /** `output.bias` is loaded and not used. */
  readonly unbiased?: true
  /** A last change to the logits. */
  readonly last?: (logits: GraphTensor) => GraphTensor
}

/** In the last block that runs, only the rows whose logits are wanted go on (`inp_out_ids`). */
export function gatherOutputs<T extends readonly GraphTensor[]>(b: GraphBuilder, il: number, ...tensors: T): T {
  if (il !== b.model.runBlockCount - 1) return tensors
  return tensors.map((tensor) => getRows(tensor, b.outputIds)) as unknown as T
}

/** Final norm and logits. */
export const outputHead = (b: GraphBuilder, cur: GraphTensor, options: HeadOptions = {}): void =>
  logits(b, finalNorm(b, cur, options.kind), options)

/** As `outputHead`, where the rows are gathered after the norm and the hidden state is an output of its own (`t_h_nextn`). */
export function outputHeadKeepingHidden(b: GraphBuilder, cur: GraphTensor, options: HeadOptions = {}): void {
  const hidden = finalNorm(b, cur, options.kind)
  hidden.output = true
  logits(b, getRows(hidden, b.outputIds), options)
}

/** As `outputHead`, where the last block's result is an output of its own before its rows are gathered. */
export function outputHeadKeepingLast(b: GraphBuilder, cur: GraphTensor, options: HeadOptions = {}): void {
  cur.output = true
  outputHead(b, getRows(cur, b.outputIds), options)
}

export const finalNorm = (b: GraphBuilder, cur: GraphTensor, kind: NormKind = 'rms'): GraphTensor =>
  buildNorm(b, cur, { weight: outputTensor(b, 'output_norm'), bias: outputTensor(b, 'output_norm', 'bias') }, -1, kind)

/** The embeddings stand in for an output matrix: a copy of them with the output layer, or those of the input layer. */
const tiedMatrix = (b: GraphBuilder): GraphTensor | undefined =>
  b.model.tiedOutput ? outputTensor(b, 'token_embd') : hostTensor(b, 'token_embd')

export function logits(b: GraphBuilder, cur: GraphTensor, options: HeadOptions): void {
  const { softcap, scaled, unbiased, last } = options
  const own = outputTensor(b, 'output') ?? tiedMatrix(b) ?? missing('output.weight')
  const bias = unbiased ? undefined : outputTensor(b, 'output', 'bias')
  const factor = outputTensor(b, 'output', 'scale')
  let out = mulMat(own, cur)
  if (factor) out = mul(out, factor)
  if (bias) out = add(out, bias)
  if (scaled) out = scale(out)
  if (softcap) out = scale(unary(scale(out), 'tanh'))
  if (last) out = last(out)
  out.output = true
  emit(b, out)
}
