/** Part a tensor plays in split mode tensor; everything else is mirrored on every device. */
export type SplitRole =
  | 'query'
  | 'key-value'
  | 'fused-qkv'
  | 'head-norm'
  | 'cache'
  | 'sinks'
  | 'attention-out'
  | 'attention-gate'
  | 'step-bias'
  | 'step-matrix'
  | 'packed-step'
  | 'conv-state'
  | 'net-state'
  | 'conv-kernel'
  | 'net-out'
  | 'ffn-in'
  | 'ffn-fused-in'
  | 'ffn-down'
  | 'output'

interface RoleRule {
  readonly pattern: RegExp
  readonly role: SplitRole
  /** Dimension that is cut. */
  readonly axis: 0 | 1
  /** The matrix whose block size decides where cuts may lie; the tensor's own where absent. */
  readonly follows?: 'attention' | 'net' | 'feed-forward'
}

/** The patterns of `llama_meta_device_get_split_state`, names without `blk.N.`; the first that matches counts. */
const rules: readonly RoleRule[] = [
  { pattern: /^attn_q\.weight$/, role: 'query', axis: 1, follows: 'attention' },
  { pattern: /^attn_q\.bias$/, role: 'query', axis: 0, follows: 'attention' },
  { pattern: /^attn_[kv]\.weight$/, role: 'key-value', axis: 1, follows: 'attention' },
  { pattern: /^attn_[kv]\.bias$/, role: 'key-value', axis: 0, follows: 'attention' },
  { pattern: /^attn_qkv\.weight$/, role: 'fused-qkv', axis: 1, follows: 'attention' },
  { pattern: /^attn_qkv\.bias$/, role: 'fused-qkv', axis: 0, follows: 'attention' },
  { pattern: /^attn_[qk]_norm\.weight$/, role: 'head-norm', axis: 1, follows: 'attention' },
  { pattern: /^cache_[kv]$/, role: 'cache', axis: 0, follows: 'attention' },
  { pattern: /^attn_sinks\.weight$/, role: 'sinks', axis: 0, follows: 'attention' },
  { pattern: /^attn_output\.weight$/, role: 'attention-out', axis: 0 },
  { pattern: /^attn_gate\.weight$/, role: 'attention-gate', axis: 1, follows: 'attention' },
  { pattern: /^(ssm_dt\.bias|ssm_a)$/, role: 'step-bias', axis: 0, follows: 'net' },
  { pattern: /^ssm_(alpha|beta)\.weight$/, role: 'step-matrix', axis: 1, follows: 'net' },
  { pattern: /^ssm_ba\.weight$/, role: 'packed-step', axis: 1, follows: 'net' },
  { pattern: /^cache_r$/, role: 'conv-state', axis: 0, follows: 'net' },
  { pattern: /^cache_s$/, role: 'net-state', axis: 0, follows: 'net' },
  { pattern: /^ssm_conv1d\.weight$/, role: 'conv-kernel', axis: 1, follows: 'net' },
  { pattern: /^ssm_out\.weight$/, role: 'net-out', axis: 0 },
  { pattern: /^ffn_(up|gate)(_exps)?\.weight$/, role: 'ffn-in', axis: 1, follows: 'feed-forward' },
  { pattern: /^ffn_(up|gate)(_exps)?\.bias$/, role: 'ffn-in', axis: 0, follows: 'feed-forward' },
  { pattern: /^ffn_gate_up(_exps)?\.weight$/, role: 'ffn-fused-in', axis: 1, follows: 'feed-forward' },
  { pattern: /^ffn_down(_exps)?\.weight$/, role: 'ffn-down', axis: 0, follows: 'feed-forward' },
  { pattern: /^output\.weight$/, role: 'output', axis: 1 },
  { pattern: /^output\.bias$/, role: 'output', axis: 0 },
]

const FOLLOWED: Readonly<Record<NonNullable<RoleRule['follows']>, readonly string[]>> = {
  attention: ['attn_output.weight', 'ssm_out.weight'],
  net: ['ssm_out.weight'],
  'feed-forward': ['ffn_down.weight', 'ffn_down_exps.weight'],
}

export interface RoleOf {
  readonly role: SplitRole
  readonly axis: 0 | 1
  /** Names within the block, the first that exists counts; empty for the tensor itself. */
  readonly follows: readonly string[]
}

/** `stem` is the name within its block, or the global name, or `cache_k`, `cache_v`, `cache_r`, `cache_s`. */
export function roleOf(stem: string): RoleOf | undefined {
  const rule = rules.find(({ pattern }) => pattern.test(stem))
  return rule && { role: rule.role, axis: rule.axis, follows: rule.follows ? FOLLOWED[rule.follows] : [] }
}
