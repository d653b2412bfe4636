import { tensorBytes } from '../../header/header.ts'
import type { OllamaFacts } from './gguf-facts.ts'

export interface GraphInput {
  readonly facts: OllamaFacts
  /** All slots together. */
  readonly context: number
  /** `min(num_ctx, num_batch)`. */
  readonly batch: number
  readonly parallel: number
  readonly bytesPerElement: number
}

/** Bytes of compute buffer that Ollama allows for, with all layers on GPUs and with some. */
export interface GraphSize {
  readonly full: number
  readonly partial: number
}

type Formula = (input: GraphInput) => GraphSize

/** Go divides integers towards zero. */
const over = (dividend: number, divisor: number): number => Math.floor(dividend / divisor)

/** A copy of the output matrix, as one of 6.5625 bits a weight takes. */
const outputCopy = ({ embeddingLength: e, vocabSize: v }: OllamaFacts): number => over(e * v * 105, 128)

const llama: Formula = (input) => {
  const { facts, context: c, batch: b } = input
  const { embeddingLength: e, vocabSize: v, headCount: h, headCountKv: hkv } = facts
  const eh = h > 0 ? Math.floor(e / h) : 0
  return {
    full: Math.max(4 * b * (1 + 4 * e + c * (1 + h)), 4 * b * (e + v)),
    partial:
      4 * b * e +
      Math.max(
        4 * b * (1 + e + Math.max(c, e)) + over(e * e * 9, 16) + 4 * c * (b * h + eh * hkv),
        4 * b * (e + v) + outputCopy(facts),
      ),
    ...mixtral(input, eh),
  }
}

/** What differs for Mixtral, whose files have all experts in one matrix (8x22B) or a matrix for each (8x7B). */
function mixtral({ facts, context: c, batch: b }: GraphInput, eh: number): Partial<GraphSize> {
  const { embeddingLength: e, headCount: h, headCountKv: hkv, firstBlock } = facts
  const together = firstBlock.get('ffn_gate_exps.weight')
  if (together) {
    const ff = facts.number('feed_forward_length') ?? 0
    return {
      partial: Math.max(
        3 * tensorBytes(together) + 4 * b * (2 * ff + hkv + e + c + eh * hkv),
        4 * (c * b * h + c * eh * hkv + b * 1024 + eh * hkv * b),
      ),
    }
  }
  const width = firstBlock.get('ffn_gate.0.weight')?.shape[1]
  if (width === undefined) return {}
  return {
    full: 4 * b * (2 + 3 * e + c * (1 + h) + 2 * hkv + width),
    partial: Math.max(
      4 * b * (3 + eh * hkv + e + c * (1 + h) + width) + over((e * e + 3 * e * hkv * width) * 9, 16),
      4 * b * (1 + 2 * e + c * (1 + h)) + e * (over(6 * c * hkv, Math.max(1, h)) + over(e * 9, 16)),
    ),
  }
}

const mllama: Formula = ({ facts, context: c, batch: b }) => {
  const { embeddingLength: e, vocabSize: v, headCount: h, headCountKv: hkv, keyLength: k } = facts
  return {
    full: Math.max(4 * b * (2 + 3 * e + k * h + c * (1 + h)), 4 * b * (e + v)),
    // A term for `rope_freqs` is looked up under a name that no file has.
    partial: Math.max(4 * (b * (2 * e + 1 + c * (1 + h) + k * h) + k * c * hkv), 4 * b * (e + v) + outputCopy(facts)),
  }
}

const gemma: Formula = ({ facts, context: c, batch: b }) => {
  const { embeddingLength: e, vocabSize: v, headCount: h, keyLength: k } = facts
  return {
    full: Math.max(4 * b * (e + v), 4 * b * (2 + c + c * h + 2 * e + 2 * k * h)),
    partial: Math.max(
      4 * e * b + outputCopy(facts) + 4 * v * b,
      4 * b * (2 * e + 1 + 2 * k * h + c + c * h) + 4 * k * c * 8 + over(e * k * h * 9, 16),
    ),
  }
}

const commandR: Formula = ({ facts, context: c, batch: b }) => {
  const { embeddingLength: e, vocabSize: v, headCount: h } = facts
  return {
    full: Math.max(4 * b * (e + v), 4 * b * (2 + 4 * e + c * (1 + h))),
    partial: Math.max(
      4 * b * (e + v) + outputCopy(facts),
      4 * b * (1 + 2 * e + c * (1 + h)) + 4 * e * c + over(e * e * 9, 16),
    ),
  }
}

const qwen2: Formula = ({ facts, context: c, batch: b }) => {
  const { embeddingLength: e, vocabSize: v, headCount: h } = facts
  return {
    full: Math.max(4 * b * (e + v), 4 * b * (1 + 2 * e + c + c * h)),
    partial: Math.max(4 * b * (e + v) + outputCopy(facts), 4 * (b * (1 + 2 * e + c * (1 + h)) + e * (1 + c))),
  }
}

const phi2: Formula = ({ facts, context: c, batch: b }) => {
  const { embeddingLength: e, vocabSize: v, headCount: h } = facts
  return {
    full: Math.max(4 * b * (e + v), 4 * b * (1 + 4 * e + c + c * h)),
    partial: Math.max(4 * b * (2 * e + v) + outputCopy(facts), 4 * b * (2 + 3 * e + c + c * h)),
  }
}

const stablelm: Formula = ({ facts, context: c, batch: b }) => {
  const { embeddingLength: e, vocabSize: v, headCount: h } = facts
  const full = 4 * b * (c * (1 + h) + 3 * e + 2)
  return { full, partial: Math.max(4 * b * (v + 2 * e), full) }
}

const deepseek2: Formula = ({ facts, context: c, batch: b }) => {
  const { embeddingLength: e, vocabSize: v, headCountKv: hkv, keyLength: k } = facts
  return {
    full: Math.max(4 * b * (3 * e + v), 4 * b * (3 * e + 2 + c * (1 + hkv) + 2 * k * hkv)),
    partial: Math.max(
      4 * b * (3 * e + v) + outputCopy(facts),
      4 * b * (2 * e + 1 + 2 * k * hkv + c + c * hkv) + 4 * k * c * hkv + over(e * k * hkv * 9, 16),
    ),
  }
}

const chatglm: Formula = ({ facts, context: c, batch: b }) => {
  const { embeddingLength: e, vocabSize: v, headCount: h, keyLength: k, firstBlock } = facts
  const vocabulary = { full: 4 * b * (e + v), partial: 4 * b * (e + v) + outputCopy(facts) }
  const bias = firstBlock.get('attn_qkv.bias')?.shape[0]
  if (bias === undefined) return vocabulary
  return {
    full: Math.max(vocabulary.full, 4 * b * (2 + 2 * e + c + c * h + k * h + bias)),
    partial: Math.max(vocabulary.partial, 4 * b * (1 + 2 * e + k * h + c + c * h) + 4 * k * c + 4 * c * k + 4 * bias),
  }
}

/** Architectures that `GraphSize` has a formula for; every other is taken by its cache. */
export const graphFormulas: Readonly<Record<string, Formula>> = {
  llama,
  llama4: llama,
  mllama,
  gemma,
  gemma2: gemma,
  gemma3: gemma,
  'command-r': commandR,
  qwen2,
  phi2,
  stablelm,
  deepseek2,
  chatglm,
}

/**
 * `GGML.GraphSize` of fs/ggml/ggml.go (Ollama 0.6), and what `EstimateGPULayers` puts in its place for an architecture without
 * a formula: a sixth of the cache, times the query heads of a KV head. Exact replay; as a figure of memory it is neither exact
 * nor a bound: no term knows of flash attention, and products of context and heads stand for buffers that never are.
 */
export function graphSize(input: GraphInput, cacheBytes: number): GraphSize {
  const { architecture, headCount, headCountKv } = input.facts
  const formula = Object.hasOwn(graphFormulas, architecture) ? graphFormulas[architecture] : undefined
  if (formula) return formula(input)
  const sixth = over(over(headCount, headCountKv) * cacheBytes, 6)
  return { full: sixth, partial: sixth }
}
