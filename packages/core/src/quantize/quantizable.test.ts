import { describe, expect, it } from 'vitest'
import { isQuantizable } from './quantizable.ts'

describe('isQuantizable', () => {
  it.each([
    ['blk.0.attn_q.weight', [4096, 4096], true],
    ['blk.0.ffn_down_exps.weight', [768, 2048, 128], true],
    ['blk.0.ssm_dt.weight', [160, 5120], true],
    ['blk.0.indexer.attn_k.weight', [7168, 128], true],
    // Vectors, also those written as a matrix of one row.
    ['blk.0.attn_norm.weight', [4096], false],
    ['blk.0.some.weight', [4096, 1], false],
    // Not named a weight.
    ['blk.0.ssm_a', [16, 5120], false],
    ['blk.0.ffn_down_exps.bias', [2880, 128], false],
    // Matrices that llama-quantize spares.
    ['blk.0.ssm_norm.weight', [1024, 8], false],
    ['blk.0.ffn_gate_inp.weight', [2048, 128], false],
    ['blk.0.ssm_conv1d.weight', [4, 8192], false],
    ['blk.0.shortconv.conv.weight', [3, 2048], false],
    ['blk.0.time_mix_w1.weight', [2560, 96], false],
    ['blk.0.time_mix_lerp_fused.weight', [2560, 1, 1, 6], false],
    ['altup_proj.weight', [2048, 2048, 3], false],
    ['blk.0.laurel_l.weight', [2048, 64], false],
    ['per_layer_model_proj.weight', [2048, 8960], false],
    ['position_embd.weight', [768, 1024], false],
    ['token_types.weight', [768, 2], false],
  ] as const)('%s %j: %s', (name, shape, expected) => {
    expect(isQuantizable({ name, shape, type: 'f16' })).toBe(expected)
  })
})
