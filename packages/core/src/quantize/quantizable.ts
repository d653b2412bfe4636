import type { TensorInfo } from '../header/header.ts'

/** Parts of names whose tensors no mix touches: small, or too sensitive (`tensor_allows_quantization`). */
const keptParts: readonly string[] = [
  '_norm.weight',
  'ffn_gate_inp.weight',
  'ffn_gate_tid2eid.weight',
  'altup',
  'laurel',
  'per_layer_model_proj',
  'ssm_conv1d',
  'shortconv.conv.weight',
  'indexer.k_proj.weight',
  'indexer.q_proj.weight',
  'time_mix_first.weight',
  'time_mix_w0.weight',
  'time_mix_w1.weight',
  'time_mix_w2.weight',
  'time_mix_v0.weight',
  'time_mix_v1.weight',
  'time_mix_v2.weight',
  'time_mix_a0.weight',
  'time_mix_a1.weight',
  'time_mix_a2.weight',
  'time_mix_g1.weight',
  'time_mix_g2.weight',
  'time_mix_decay_w1.weight',
  'time_mix_decay_w2.weight',
  'time_mix_lerp_fused.weight',
  'attn_rel_b.weight',
  '.position_embd',
  'sam.pos_embd',
  'sam.neck.',
  'sam.net_',
  '.rel_pos',
  '.patch_embd',
  '.patch_merger',
  'a.rvq.codebook',
  'mm.a.code_embd',
]

/** Position embeddings and token types, which stand at the top of the file. */
const keptNames: ReadonlySet<string> = new Set(['position_embd.weight', 'token_types.weight'])

/** `ggml_n_dims`: trailing dimensions of one do not count. */
const dimensions = (shape: readonly number[]): number => shape.findLastIndex((size) => size > 1) + 1

/** Whether a mix may change this tensor's type: a matrix of weights that is on no list above. Exact. */
export const isQuantizable = ({ name, shape }: TensorInfo): boolean =>
  dimensions(shape) >= 2 &&
  name.endsWith('weight') &&
  !keptNames.has(name) &&
  !keptParts.some((part) => name.includes(part))
