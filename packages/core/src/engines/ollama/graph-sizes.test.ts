import { describe, expect, it } from 'vitest'
import type { HeaderValue, TensorInfo } from '../../header/header.ts'
import { ollamaCacheSizes } from './cache-sizes.ts'
import type { OllamaFacts } from './gguf-facts.ts'
import { graphFormulas, type GraphInput, graphSize } from './graph-sizes.ts'

interface About extends Partial<OllamaFacts> {
  readonly keys?: Readonly<Record<string, HeaderValue>>
  readonly tensors?: readonly TensorInfo[]
}

/** 32 heads of 128 over 8 of KV, a vocabulary of 32,000. */
const factsOf = ({ keys = {}, tensors = [], ...changes }: About): OllamaFacts => ({
  architecture: 'llama',
  blockCount: 4,
  embeddingLength: 4096,
  headCount: 32,
  headCountKv: 8,
  keyLength: 128,
  valueLength: 128,
  vocabSize: 32_000,
  blockBytes: [1, 1, 1, 1],
  outputBytes: 1,
  firstBlock: new Map(tensors.map((tensor) => [tensor.name, tensor])),
  number: (key) => (typeof keys[key] === 'number' ? keys[key] : undefined),
  list: (key) => (Array.isArray(keys[key]) ? keys[key].map(Number) : []),
  ...changes,
})

const inputOf = (about: About): GraphInput => ({
  facts: factsOf(about),
  context: 8192,
  batch: 512,
  parallel: 2,
  bytesPerElement: 2,
})

const gateExperts: TensorInfo = { name: 'ffn_gate_exps.weight', shape: [4096, 14_336, 8], type: 'f16' }
const gateOfFirst: TensorInfo = { name: 'ffn_gate.0.weight', shape: [4096, 14_336], type: 'f16' }
const qkvBias: TensorInfo = { name: 'attn_qkv.bias', shape: [4608], type: 'f32' }

describe('the graph of each architecture, worked out by hand from the formulas', () => {
  it.each<readonly [about: About, full: number, partial: number]>([
    // 4·512·(1 + 4·4096 + 8192·33); 4·512·4096 + 4·512·(1 + 4096 + 8192) + 4096²·9/16 + 4·8192·(512·32 + 128·8)
    [{}, 587_204_608, 613_419_008],
    [{ architecture: 'llama4' }, 587_204_608, 613_419_008],
    // 3·939,524,096 + 4·512·(2·14336 + 8 + 4096 + 8192 + 1024)
    [{ tensors: [gateExperts], keys: { feed_forward_length: 14_336 } }, 587_204_608, 2_904_571_904],
    // 4·512·(2 + 3·4096 + 8192·33 + 16 + 14336); the second term: 4·512·(1 + 2·4096 + 8192·33) + 4096·(6·8192·8/32 + 4096·9/16)
    [{ tensors: [gateOfFirst] }, 608_210_944, 1_395_660_800],
    [{ architecture: 'mllama' }, 587_206_656, 612_370_432],
    [{ architecture: 'gemma' }, 587_206_656, 630_196_224],
    [{ architecture: 'gemma3' }, 587_206_656, 630_196_224],
    [{ architecture: 'command-r' }, 587_206_656, 714_082_304],
    [{ architecture: 'qwen2' }, 570_427_392, 704_661_504],
    [{ architecture: 'phi2' }, 587_204_608, 578_818_048],
    [{ architecture: 'stablelm' }, 578_818_048, 578_818_048],
    // 4·512·(3·4096 + 2 + 8192·9 + 2·128·8)
    [{ architecture: 'deepseek2' }, 180_359_168, 207_882_240],
    [{ architecture: 'chatglm' }, 73_924_608, 181_444_608],
    [{ architecture: 'chatglm', tensors: [qkvBias] }, 588_255_232, 587_223_040],
    // 4 query heads a KV head, times a sixth of the cache of 4·8192·256·8·2 bytes.
    [{ architecture: 'falcon' }, 89_478_485, 89_478_485],
  ])('%j', (about, full, partial) => {
    const input = inputOf(about)
    const cache = ollamaCacheSizes(input).reduce((sum, size) => sum + size, 0)
    expect(graphSize(input, cache)).toEqual({ full, partial })
  })

  it('is there for every architecture that Ollama 0.6 names', () => {
    expect(Object.keys(graphFormulas).toSorted()).toEqual(
      [
        ...['chatglm', 'command-r', 'deepseek2', 'gemma', 'gemma2', 'gemma3', 'llama', 'llama4', 'mllama', 'phi2'],
        ...['qwen2', 'stablelm'],
      ].toSorted(),
    )
  })

  it('takes a name of a built-in for no architecture', () => {
    expect(graphSize(inputOf({ architecture: 'constructor' }), 600)).toEqual({ full: 400, partial: 400 })
  })
})

describe('the cache of each block', () => {
  const whole = 8192 * 256 * 8 * 2
  it.each<readonly [About, readonly number[]]>([
    [{}, [whole, whole, whole, whole]],
    // Two slots' windows and a batch, but in every sixth block.
    [
      { architecture: 'gemma3', blockCount: 7, keys: { 'attention.sliding_window': 1024 } },
      [...Array.from({ length: 5 }, () => (2 * 1024 + 512) * 256 * 8 * 2), whole, (2 * 1024 + 512) * 256 * 8 * 2],
    ],
    [
      { architecture: 'mllama', keys: { 'attention.cross_attention_layers': [1, 3] } },
      [whole, 8 * 256 * 4 * 1601 * 4, whole, 8 * 256 * 4 * 1601 * 4],
    ],
  ])('%j', (about, sizes) => {
    expect(ollamaCacheSizes(inputOf(about))).toEqual(sizes)
  })
})
