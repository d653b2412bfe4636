import { blockTensor } from '../../graph/builder/builder.ts'
import { deepstackSlice } from '../../graph/builder/deepstack.ts'
import { outputHead } from '../../graph/builder/head.ts'
import { expertsOrDense } from '../../graph/builder/mixture.ts'
import { type BlockStep, plainHeads, transformer, type TransformerOptions } from '../../graph/builder/transformer.ts'
import { scale } from '../../graph/operations.ts'
import type { ModelShape } from '../model.ts'
import { type Architecture, windowedAsPatterned } from './architecture.ts'

/** What each part adds to the residual is scaled, unless the scale is 0; `otherwise` stands for one the header does not give. */
function scaledParts(otherwise: number): TransformerOptions {
  const scaled: BlockStep = (b, x) =>
    Number(b.model.hyperparameter('residual_scale') ?? otherwise) === 0 ? x : scale(x)
  return {
    afterAttention: scaled,
    afterFeedForward: scaled,
    head: (b, x) => outputHead(b, x, { scaled: true }),
  }
}

/** Granite's graph, as older architectures have it under defaults of their own. */
export const graniteGraph = (defaults: { readonly residualScale: number }): Architecture['graph'] =>
  transformer(scaledParts(defaults.residualScale))

const takesSlice = (model: ModelShape, il: number): number => Number(deepstackSlice(model, il) !== undefined)

/** Files may do without positions (`rope.scaling.finetuned` false). */
export const granite: Architecture = {
  names: ['granite'],
  blockVariant: takesSlice,
  graph: transformer({
    ...scaledParts(0),
    heads: plainHeads({ ropes: ({ model }) => model.hyperparameter('rope.scaling.finetuned') !== false }),
  }),
}

/** Which blocks carry positions by `attention.rope_pattern`; all where there is none. */
function rotates(model: Pick<ModelShape, 'hyperparameter'>, il: number): boolean {
  const pattern = model.hyperparameter('attention.rope_pattern')
  return !Array.isArray(pattern) || Boolean(pattern[il])
}

/** src/models/granite-swa.cpp: windows and attention sinks; gate and up of the shared expert are one matrix. */
export const graniteSwa: Architecture = {
  names: ['granite_swa'],
  windows: windowedAsPatterned,
  blockVariant: (model, il) => 2 * Number(rotates(model, il)) + takesSlice(model, il),
  graph: transformer({
    ...scaledParts(0),
    heads: plainHeads({ ropes: ({ model }, il) => rotates(model, il) }),
    attention: (b, il) => ({ sinks: blockTensor(b, il, 'attn_sinks') }),
    feedForward: expertsOrDense({ activation: 'swiglu-fused' }),
  }),
}
