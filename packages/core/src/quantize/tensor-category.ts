/** Broad kinds of tensors that the mixes treat alike (`tensor_category` of llama-quant.cpp). */
export type TensorCategory =
  | 'output'
  | 'token-embedding'
  | 'attention-value'
  | 'attention-key'
  | 'attention-query'
  | 'attention-output'
  | 'ffn-up'
  | 'ffn-gate'
  | 'ffn-down'
  | 'other'

/** First match wins. Fused QKV and MLA's KV up-projection count as value tensors (`category_is_attn_v`). */
const byPart: readonly (readonly [string, TensorCategory])[] = [
  ['attn_qkv.weight', 'attention-value'],
  ['attn_kv_b.weight', 'attention-value'],
  ['attn_v.weight', 'attention-value'],
  ['attn_k.weight', 'attention-key'],
  ['attn_q.weight', 'attention-query'],
  ['attn_output.weight', 'attention-output'],
  ['ffn_up', 'ffn-up'],
  ['ffn_gate', 'ffn-gate'],
  ['ffn_down', 'ffn-down'],
]

/** `tensor_get_category` of llama-quant.cpp. Exact. */
export function categoryOf(tensorName: string): TensorCategory {
  if (tensorName === 'output.weight') return 'output'
  if (tensorName === 'token_embd.weight' || tensorName === 'per_layer_token_embd.weight') return 'token-embedding'
  return byPart.find(([part]) => tensorName.includes(part))?.[1] ?? 'other'
}
