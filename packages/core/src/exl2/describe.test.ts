import { describe, expect, it } from 'vitest'
import { bytes, sumBytes } from '../units.ts'
import { describeExl2 } from './describe.ts'
import { explainExl2Issue } from './explain.ts'
import { LLAMA_3_8B, MIXTRAL_8X7B, modelOf, TINY } from './fixtures.ts'
import { exl2Linear, folderOf, tensor } from './made-folder.ts'
import type { Exl2Header, JsonValue } from './header.ts'
import type { Exl2Model } from './model.ts'

const withConfig = (changes: Readonly<Record<string, JsonValue>>, header = folderOf(TINY)): Exl2Header => ({
  ...header,
  config: { ...header.config, ...changes },
})

const without = (pattern: RegExp, header = folderOf(TINY)): Exl2Header => ({
  ...header,
  tensors: header.tensors.filter(({ name }) => !pattern.test(name)),
})

const describedAs = (header: Exl2Header): Exl2Model => {
  const result = describeExl2(header)
  if (!result.ok) throw new Error(explainExl2Issue(result.issue))
  return result.value
}

describe('an EXL2 folder', () => {
  it('of two blocks is described in full', () => {
    const matrix = (role: string, inFeatures: number, outFeatures: number) => ({
      role,
      count: 1,
      format: 'exl2' as const,
      inFeatures,
      outFeatures,
      tensors: exl2Linear('a', inFeatures, outFeatures, 4).map(({ name, bytes: size, shape }) => ({
        suffix: name.slice(2),
        bytes: size,
        elements: shape.reduce((product, length) => product * length, 1),
      })),
    })
    const norm = (suffix: string) => ({ suffix, bytes: bytes(512), elements: 256 })
    const block = {
      attention: {
        bytes: bytes(512 + 2 * 34_060 + 2 * 17_548),
        linears: [
          matrix('self_attn.q_proj', 256, 256),
          matrix('self_attn.k_proj', 256, 128),
          matrix('self_attn.v_proj', 256, 128),
          matrix('self_attn.o_proj', 256, 256),
        ],
        norms: [norm('input_layernorm')],
      },
      feedForward: {
        bytes: bytes(512 + 2 * 67_084 + 68_120),
        linears: [
          matrix('mlp.gate_proj', 256, 512),
          matrix('mlp.up_proj', 256, 512),
          matrix('mlp.down_proj', 512, 256),
        ],
        norms: [norm('post_attention_layernorm')],
      },
    }
    const { head, embedding, quantization, ...model } = modelOf(TINY)
    expect(model).toEqual({
      architecture: 'LlamaForCausalLM',
      described: true,
      blockCount: 2,
      hiddenSize: 256,
      headCount: 4,
      headDim: 64,
      headCountKv: [2, 2],
      feedForwardLength: [512, 512],
      vocabSize: 320,
      contextLengthTrained: 512,
      tiedEmbeddings: false,
      expertCount: 0,
      expertUsedCount: 0,
      slidingWindow: 0,
      ropeTables: 1,
      residualElementBytes: 2,
      parallelBlocks: false,
      blocks: [block, block],
      outputNorm: { bytes: 512, linears: [], norms: [norm('norm')] },
      otherBytes: 0,
      tensorBytes: sumBytes(folderOf(TINY).tensors.map((each) => each.bytes)),
    })
    expect(embedding).toMatchObject({
      bytes: 320 * 256 * 2,
      linears: [{ format: 'plain', inFeatures: 256, outFeatures: 320 }],
    })
    expect(head).toMatchObject({ linears: [{ role: '', format: 'exl2', inFeatures: 256, outFeatures: 320 }] })
    const bits =
      (8 * (4 * 34_060 + 4 * 17_548 + 4 * 67_084 + 2 * 68_120)) / (2 * (2 * 256 ** 2 + 2 * 256 * 128 + 3 * 256 * 512))
    expect(quantization).toEqual({
      format: 'exl2',
      version: '0.2.4',
      statedBits: 4,
      statedHeadBits: 8,
      bits: expect.closeTo(bits, 10) as number,
      headBits: (8 * exl2Linear('a', 256, 320, 8).reduce((sum, each) => sum + each.bytes, 0)) / (256 * 320),
      leastBits: (8 * 67_084) / (256 * 512),
      mostBits: (8 * 17_548) / (256 * 128),
      calibration: { rows: 115, length: 2048, dataset: '(default)' },
    })
  })

  it('survives JSON', () => {
    const model = modelOf(MIXTRAL_8X7B)
    expect(JSON.parse(JSON.stringify(model))).toEqual(model)
  })

  it('of a mixture puts the experts’ matrices together and leaves the router whole', () => {
    const { feedForward } = modelOf(MIXTRAL_8X7B).blocks[0]!
    expect(feedForward.linears.map(({ role, count, format }) => [role, count, format])).toEqual([
      ['block_sparse_moe.gate', 1, 'plain'],
      ['block_sparse_moe.experts.*.w1', 8, 'exl2'],
      ['block_sparse_moe.experts.*.w3', 8, 'exl2'],
      ['block_sparse_moe.experts.*.w2', 8, 'exl2'],
    ])
    const one = exl2Linear('a', 4096, 14_336, 4).map((each) => 8 * each.bytes)
    expect(feedForward.linears[1]!.tensors.map((each) => each.bytes)).toEqual(one)
  })

  it('counts every tensor once', () => {
    const model = modelOf(LLAMA_3_8B)
    const parts = [
      model.embedding,
      model.outputNorm,
      model.head,
      ...model.blocks.flatMap(({ attention, feedForward }) => [attention, feedForward]),
    ]
    expect(sumBytes(parts.map((part) => part.bytes))).toBe(model.tensorBytes)
  })

  it('sets apart what the text model does not load', () => {
    const header = folderOf(TINY)
    const vision = [
      tensor('visual.blocks.0.attn.qkv.weight', 'F16', 64, 64),
      tensor('model.layers.2.mtp.weight', 'F16', 8),
    ]
    expect(describedAs({ ...header, tensors: [...header.tensors, ...vision] }).otherBytes).toBe(2 * 64 * 64 + 16)
  })

  it.each([
    ['language_model.', 'language_model.lm_head'],
    ['', 'lm_head'],
  ])('may name its tensors %smodel.*', (prefix, head) => {
    const header = folderOf(TINY)
    const renamed = header.tensors.map((each) => ({
      ...each,
      name: each.name.startsWith('lm_head') ? each.name.replace('lm_head', head) : `${prefix}${each.name}`,
    }))
    expect(describedAs({ ...header, tensors: renamed })).toEqual(modelOf(TINY))
  })

  it('without an output matrix runs the embedding’s table a second time', () => {
    const model = describedAs(without(/^lm_head/))
    expect(model.head).toEqual(model.embedding)
    expect(model.quantization.headBits).toBe(16)
  })

  it('takes a norm behind attention for attention’s, where both halves are normed on both sides', () => {
    const header = folderOf(TINY)
    const norms = [0, 1].flatMap((block) =>
      ['pre_feedforward_layernorm', 'post_feedforward_layernorm'].map((name) =>
        tensor(`model.layers.${block}.${name}.weight`, 'F16', 256),
      ),
    )
    const model = describedAs(
      withConfig({ architectures: ['Gemma2ForCausalLM'] }, { ...header, tensors: [...header.tensors, ...norms] }),
    )
    expect(model.blocks[0]!.attention.norms.map(({ suffix }) => suffix)).toEqual([
      'input_layernorm',
      'post_attention_layernorm',
    ])
    expect(model.blocks[0]!.feedForward.norms.map(({ suffix }) => suffix)).toEqual([
      'pre_feedforward_layernorm',
      'post_feedforward_layernorm',
    ])
    expect(model.residualElementBytes).toBe(4)
  })

  it.each([
    ['heads and their size stand in for each other', { head_dim: null }, { headDim: 64, headCount: 4 }],
    ['one key head a head if none are named', { num_key_value_heads: null }, { headCountKv: [4, 4] }],
    ['a text model inside another', { hidden_size: null, text_config: { hidden_size: 256 } }, { hiddenSize: 256 }],
    ['keys of other makers', { num_hidden_layers: null, n_layer: 2 }, { blockCount: 2 }],
    [
      'experts in an object',
      { ffn_config: { moe_num_experts: 16, moe_top_k: 4 } },
      { expertCount: 16, expertUsedCount: 4 },
    ],
    ['no length at all', { max_position_embeddings: null }, { contextLengthTrained: 2048 }],
    [
      'an architecture ExLlamaV2 does not list',
      { architectures: ['NewForCausalLM'] },
      { described: false, ropeTables: 1 },
    ],
    [
      'an architecture of two bases',
      { architectures: ['Gemma3ForConditionalGeneration'] },
      { ropeTables: 2, residualElementBytes: 4 },
    ],
    [
      'an architecture without rotation',
      { architectures: ['GPTBigCodeForCausalLM'] },
      { ropeTables: 0, headCountKv: [1, 1] },
    ],
    ['an architecture whose blocks are one module', { architectures: ['CohereForCausalLM'] }, { parallelBlocks: true }],
    ['a name that every object has', { architectures: ['constructor'] }, { described: false }],
  ])('reads %s', (_, changes, expected) => {
    expect(describedAs(withConfig(changes))).toMatchObject(expected)
  })
})

describe('an EXL3 folder', () => {
  it('has its bits and sizes from the trellis', () => {
    const model = modelOf({ ...TINY, bits: 3 }, 'exl3')
    expect(model.blocks[0]!.feedForward.linears[2]).toEqual({
      role: 'mlp.down_proj',
      count: 1,
      format: 'exl3',
      inFeatures: 512,
      outFeatures: 256,
      tensors: [
        { suffix: 'suh', bytes: 1024, elements: 512 },
        { suffix: 'svh', bytes: 512, elements: 256 },
        { suffix: 'trellis', bytes: (512 * 256 * 3) / 8, elements: (512 * 256 * 3) / 16 },
        { suffix: 'mcg', bytes: 4, elements: 1 },
      ],
    })
    expect(model).toMatchObject({
      described: true,
      ropeTables: 0,
      residualElementBytes: 4,
      quantization: { format: 'exl3', statedBits: 4 - 1 },
    })
  })

  it.each([
    ['a window', withConfig({ sliding_window: 128 }, folderOf(TINY, 'exl3')), false, [2, 2]],
    ['a block without keys', without(/layers\.1\.self_attn\.k_proj/, folderOf(TINY, 'exl3')), false, [2, 0]],
    ['neither', folderOf(TINY, 'exl3'), true, [2, 2]],
  ])('with %s', (_, header, described, headCountKv) => {
    expect(describedAs(header)).toMatchObject({ described, headCountKv })
  })
})

describe('a folder that is no such model', () => {
  const shaped = (name: string, ...shape: readonly number[]): Exl2Header => ({
    ...folderOf(TINY),
    tensors: folderOf(TINY).tensors.map((each) => (each.name === name ? { ...each, shape } : each)),
  })

  it.each([
    ['no architecture', withConfig({ architectures: [] }), 'config.json has no architectures.'],
    ['no blocks', withConfig({ num_hidden_layers: null }), 'config.json has no num_hidden_layers.'],
    [
      'too many blocks',
      withConfig({ num_hidden_layers: 513 }),
      'num_hidden_layers of config.json is 513; it must be a whole number from 1 to 512.',
    ],
    [
      'half a block',
      withConfig({ num_hidden_layers: 1.5 }),
      'num_hidden_layers of config.json is 1.5; it must be a whole number from 1 to 512.',
    ],
    [
      'a width that is text',
      withConfig({ hidden_size: '256' }),
      'hidden_size of config.json is 256; it must be a whole number from 1 to 16777216.',
    ],
    [
      'a width that is a list',
      withConfig({ hidden_size: [256] }),
      'hidden_size of config.json is a list; it must be a whole number from 1 to 16777216.',
    ],
    ['no heads', withConfig({ num_attention_heads: 0, head_dim: 0 }), 'config.json has no num_attention_heads.'],
    ['no embedding', without(/embed_tokens/), 'The folder has no tensor model.embed_tokens.weight.'],
    ['no last norm', without(/^model\.norm/), 'The folder has no tensor model.norm.weight.'],
    ['an output layer without a matrix', without(/^lm_head\.q_weight/), 'The folder has no tensor lm_head.weight.'],
    ['a block too few', withConfig({ num_hidden_layers: 3 }), 'The folder has no tensor model.layers.2.*.'],
    [
      'no permutation',
      without(/layers\.1\.mlp\.up_proj\.q_invperm/),
      'The folder has no tensor model.layers.1.mlp.up_proj.q_invperm.',
    ],
    [
      'a flat matrix',
      shaped('model.layers.0.mlp.up_proj.q_weight', 16_384),
      'Tensor model.layers.0.mlp.up_proj.q_weight has the shape 16384, not rows x outputs.',
    ],
    [
      'an empty matrix',
      shaped('model.layers.0.mlp.up_proj.q_weight', 32, 0),
      'Tensor model.layers.0.mlp.up_proj.q_weight has the shape 32 x 0, not rows x outputs.',
    ],
    [
      'nothing quantized',
      { ...folderOf(TINY), tensors: [tensor('model.embed_tokens.weight', 'F16', 320, 256)] },
      'No tensor of the folder is quantized as EXL2 or EXL3.',
    ],
    [
      'only its output layer quantized',
      without(/layers\.\d+\..*\.q_/),
      'No tensor of the folder is quantized as EXL2 or EXL3.',
    ],
    [
      'both formats',
      { ...folderOf(TINY), tensors: [...folderOf(TINY).tensors, ...folderOf(TINY, 'exl3').tensors] },
      'The folder holds EXL2 and EXL3 tensors side by side; no engine reads both.',
    ],
  ])('%s', (_, header, sentence) => {
    const result = describeExl2(header)
    expect(result.ok ? 'described' : explainExl2Issue(result.issue)).toBe(sentence)
  })
})
