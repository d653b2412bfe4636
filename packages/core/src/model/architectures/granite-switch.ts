import { attention } from '../../graph/builder/attention.ts'
import { eachBlock, type GraphBuilder, hostTensor, requiredTensor, ropeFactors } from '../../graph/builder/builder.ts'
import { gatherOutputs, outputHead } from '../../graph/builder/head.ts'
import { rotaryPositions } from '../../graph/builder/qkv.ts'
import { namedNorm } from '../../graph/builder/transformer.ts'
import {
  add,
  cast,
  clamp,
  cont,
  getRows,
  inputTensor,
  mul,
  mulMat,
  mulMatId,
  padded,
  reshape,
  scale,
  unary,
  view2d,
} from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture } from './architecture.ts'
import { graniteRotates, scaledPart } from './granite.ts'

const F32_BYTES = 4

/** Behind the file's blocks one head attends from each token to the last that names an adapter; only its cache exists. */
const withRouter = (shape: ModelShape): ModelShape => ({
  ...shape,
  blockCount: shape.blockCount + 1,
  kvBlockCount: shape.kvBlockCount + 1,
  headCount: [...shape.headCount, 1],
  headCountKv: [...shape.headCountKv, 1],
  feedForwardLength: [...shape.feedForwardLength, 0],
  windowed: [...shape.windowed, false],
  weightBlock: [...shape.weightBlock, shape.blockCount],
})

/** The adapter of every token, read back from what the router attended to. */
function chosenAdapters(b: GraphBuilder): GraphTensor {
  const { tokens, model } = b
  const lane = (): GraphTensor => padded(reshape(inputTensor('f32', tokens), 1, 1, tokens), model.keyLength, 1, tokens)
  const routed = attention(b, { q: lane(), k: lane(), v: lane() }, model.runBlockCount, { output: null })
  const slots = reshape(cont(view2d(routed, [1, tokens], routed.nb[1])), tokens)
  return cast(unary(clamp(slots), 'round'), 'i32')
}

/** `build_switched_lora_delta`: each token through the two matrices of its own adapter. */
function adapted(b: GraphBuilder, x: GraphTensor, il: number, name: string, adapters: GraphTensor): GraphTensor {
  const tokens = x.ne[1]
  const ids = reshape(adapters, 1, tokens)
  const down = mulMatId(requiredTensor(b, il, `${name}.lora_a`, ''), reshape(x, x.ne[0], 1, tokens), ids)
  const up = mulMatId(requiredTensor(b, il, `${name}.lora_b`, ''), down, ids)
  return reshape(up, up.ne[0], tokens)
}

const switched = (b: GraphBuilder, x: GraphTensor, il: number, name: string, adapters: GraphTensor): GraphTensor =>
  add(mulMat(requiredTensor(b, il, name), x), adapted(b, x, il, name, adapters))

function switchedAttention(b: GraphBuilder, cur: GraphTensor, il: number, adapters: GraphTensor): GraphTensor {
  const { model, tokens } = b
  const [size, heads, headsKv] = [model.keyLength, model.headCount[il]!, model.headCountKv[il]!]
  const all = mulMat(requiredTensor(b, il, 'attn_qkv'), cur)
  const part = (name: string, count: number, before: number): GraphTensor => {
    const own = cont(view2d(all, [size * count, tokens], all.nb[1], size * before * F32_BYTES))
    return reshape(add(own, adapted(b, cur, il, name, adapters)), size, count, tokens)
  }
  const factors = ropeFactors(b, il)
  const turned = (x: GraphTensor): GraphTensor => (graniteRotates(b) ? rotaryPositions(b, x, factors) : x)
  const q = turned(part('attn_q', heads, 0))
  const k = turned(part('attn_k', headsKv, heads))
  const v = part('attn_v', headsKv, heads + headsKv)
  return switched(b, attention(b, { q, k, v }, il, { output: null }), il, 'attn_output', adapters)
}

function switchedFeedForward(b: GraphBuilder, cur: GraphTensor, il: number, adapters: GraphTensor): GraphTensor {
  const gate = unary(switched(b, cur, il, 'ffn_gate', adapters), 'silu')
  return switched(b, mul(gate, switched(b, cur, il, 'ffn_up', adapters)), il, 'ffn_down', adapters)
}

/** src/models/granite-switch.cpp: adapters lie in the file, and every token goes through the one that was named last. */
export const graniteSwitch: Architecture = {
  names: ['graniteswitch'],
  withMoreBlocks: withRouter,
  cachesSpeculative: true,
  embeddings: (b) => {
    const rows = getRows(hostTensor(b, 'token_embd'), inputTensor('i32', b.tokens))
    const isScaled = Number(b.model.hyperparameter('embedding_scale') ?? 0) !== 0
    return { cur: isScaled ? scale(rows) : rows, deepstack: undefined }
  },
  graph: (b, { cur }) => {
    let adapters = chosenAdapters(b)
    let x = cur
    for (const il of eachBlock(b)) {
      const normed = namedNorm(b, x, il, { name: 'attn_norm' })
      const mixed = switchedAttention(b, normed, il, adapters)
      const [attended, residual, kept] = gatherOutputs(b, il, mixed, x, reshape(adapters, 1, b.tokens))
      if (kept.op === 'GET_ROWS') adapters = reshape(kept, kept.ne[1])
      const middle = add(scaledPart(b, attended), residual)
      const out = switchedFeedForward(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il, adapters)
      x = add(scaledPart(b, out), middle)
    }
    outputHead(b, x, { scaled: true })
  },
}
