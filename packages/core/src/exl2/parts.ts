import { type Bytes, bytes } from '../units.ts'
import type { SafetensorsTensor } from './header.ts'
import { linearOf } from './linear.ts'
import type { Exl2Block, Exl2Format, Exl2Linear, Exl2Part, StoredTensor } from './model.ts'
import { Exl2Refusal } from './refusal.ts'

/** The tensors by the part they belong to. */
export interface Parts {
  readonly format: Exl2Format
  readonly embedding: Exl2Part
  readonly blocks: readonly Exl2Block[]
  readonly outputNorm: Exl2Part
  readonly head: Exl2Part
  readonly otherBytes: Bytes
}

/** What follows a module's key: matrices quantized by ExLlamaV2, by ExLlamaV3, and what is not quantized. */
const SUFFIX =
  /^(.*)\.(q_weight|q_invperm|q_scale|q_scale_max|q_groups|q_perm|trellis|suh|svh|su|sv|scale|mcg|mul1|weight|bias)$/

/** Norms before and after attention, under every name ExLlama gives them; what is left belongs to the feed-forward. */
const ATTENTION_NORMS: ReadonlySet<string> = new Set([
  'input_layernorm',
  'ln1',
  'ln_1',
  'attention_norm',
  'post_self_attn_layernorm',
])
const ATTENTION_PARTS = /^(?:self_attn|attention|attn|linear_attn)\./

/** Tensors of each module by the module's key within its part. */
type Modules = Map<string, SafetensorsTensor[]>

/**
 * Sorts tensors into embedding, blocks, last norm and output layer by the keys that ExLlama's converters write, whatever
 * prefix the embedding's key has (`model.`, `language_model.model.`).
 *
 * @throws Exl2Refusal `not-exl2`, `mixed-formats`, `missing-tensor`, `bad-shape`
 */
export function sortParts(tensors: readonly SafetensorsTensor[], blockCount: number): Parts {
  const format = formatOf(tensors)
  const embedding = tensors.find(({ name }) => /(?:^|\.)embed_tokens\.weight$/.test(name))
  if (embedding === undefined) throw missing('model.embed_tokens.weight')
  const prefix = embedding.name.slice(0, -'embed_tokens.weight'.length)
  const headKey = `${prefix.replace(/model\.$/, '')}lm_head`
  const blocks = Array.from({ length: blockCount }, (): Modules => new Map())
  const head: Modules = new Map()
  const norm: Modules = new Map()
  let other = 0
  for (const tensor of tensors) {
    if (tensor === embedding) continue
    const [, key = tensor.name] = SUFFIX.exec(tensor.name) ?? []
    const [, block, role] = /^layers\.(\d+)\.(.+)$/.exec(key.startsWith(prefix) ? key.slice(prefix.length) : '') ?? []
    const modules = block === undefined ? undefined : blocks[Number(block)]
    if (modules !== undefined) add(modules, role!, tensor)
    else if (key === headKey || key === 'lm_head') add(head, '', tensor)
    else if (key === `${prefix}norm`) add(norm, 'norm', tensor)
    else other += tensor.bytes
  }
  if (norm.size === 0) throw missing(`${prefix}norm.weight`)
  const table = matrixPart(new Map([['', [embedding]]]), embedding.name)
  return {
    format,
    embedding: table,
    blocks: blocks.map((modules, block) => blockOf(modules, `${prefix}layers.${block}`)),
    outputNorm: partOf(norm),
    // A folder without an output matrix ties it to the embedding; ExLlama then loads that table a second time.
    head: head.size === 0 ? table : matrixPart(head, `${headKey}.weight`),
    otherBytes: bytes(other),
  }
}

function matrixPart(modules: Modules, tensor: string): Exl2Part {
  const part = partOf(modules)
  if (part.linears.length === 0) throw missing(tensor)
  return part
}

const missing = (tensor: string): Exl2Refusal => new Exl2Refusal({ code: 'missing-tensor', tensor })

function formatOf(tensors: readonly SafetensorsTensor[]): Exl2Format {
  const exl2 = tensors.some(({ name }) => name.endsWith('.q_weight'))
  const exl3 = tensors.some(({ name }) => name.endsWith('.trellis'))
  if (exl2 && exl3) throw new Exl2Refusal({ code: 'mixed-formats' })
  if (!exl2 && !exl3) throw new Exl2Refusal({ code: 'not-exl2' })
  return exl2 ? 'exl2' : 'exl3'
}

function add(modules: Modules, role: string, tensor: SafetensorsTensor): void {
  const known = modules.get(role)
  if (known === undefined) modules.set(role, [tensor])
  else known.push(tensor)
}

function blockOf(modules: Modules, key: string): Exl2Block {
  if (modules.size === 0) throw missing(`${key}.*`)
  // Gemma norms both sides of both halves, and then this name means the side behind attention.
  const sandwiched = modules.has('pre_feedforward_layernorm')
  const ofAttention = (role: string): boolean =>
    ATTENTION_PARTS.test(role) || ATTENTION_NORMS.has(role) || (sandwiched && role === 'post_attention_layernorm')
  const entries = [...modules]
  return {
    attention: partOf(new Map(entries.filter(([role]) => ofAttention(role)))),
    feedForward: partOf(new Map(entries.filter(([role]) => !ofAttention(role)))),
  }
}

/** A part's matrices, those of its experts put together, and its norms. */
function partOf(modules: Modules): Exl2Part {
  const linears = new Map<string, Exl2Linear>()
  const norms: StoredTensor[] = []
  for (const [key, tensors] of modules) {
    const role = key.replace(/(^|\.)experts\.\d+\./, '$1experts.*.')
    const linear = linearOf(role, tensors)
    if (linear === undefined) norms.push(normOf(role, tensors))
    else linears.set(role, merge(linears.get(role), linear))
  }
  const total = [...modules.values()].flat().reduce((sum, tensor) => sum + tensor.bytes, 0)
  return { bytes: bytes(total), linears: [...linears.values()], norms }
}

const normOf = (role: string, tensors: readonly SafetensorsTensor[]): StoredTensor => ({
  suffix: role,
  bytes: bytes(tensors.reduce((sum, tensor) => sum + tensor.bytes, 0)),
  elements: tensors.reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0),
})

function merge(known: Exl2Linear | undefined, next: Exl2Linear): Exl2Linear {
  if (known === undefined) return next
  const sums = new Map(known.tensors.map((tensor) => [tensor.suffix, tensor]))
  for (const { suffix, bytes: more, elements } of next.tensors) {
    const sum = sums.get(suffix)
    sums.set(suffix, {
      suffix,
      bytes: bytes((sum?.bytes ?? 0) + more),
      elements: (sum?.elements ?? 0) + elements,
    })
  }
  return {
    ...known,
    count: known.count + next.count,
    inFeatures: Math.max(known.inFeatures, next.inFeatures),
    outFeatures: Math.max(known.outFeatures, next.outFeatures),
    tensors: [...sums.values()],
  }
}
