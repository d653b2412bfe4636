import { attention } from '../../graph/builder/attention.ts'
import { eachBlock, type GraphBuilder, hostInput, outputTensor } from '../../graph/builder/builder.ts'
import { feedForward } from '../../graph/builder/feed-forward.ts'
import { gatedOutput } from '../../graph/builder/gated-output.ts'
import { gatherOutputs, logits, outputHead } from '../../graph/builder/head.ts'
import { buildNorm } from '../../graph/builder/norm.ts'
import { namedNorm, plainHeads } from '../../graph/builder/transformer.ts'
import { add, getRows, rmsNorm } from '../../graph/operations.ts'
import type { GraphTensor } from '../../graph/tensor.ts'
import type { HeaderFacts } from '../../header/facts.ts'
import type { ModelShape } from '../model.ts'
import type { Architecture, BlockLoops } from './architecture.ts'

/**
 * Models that run their blocks several times. Every run keeps keys and values of its own, as one more block; uploads of
 * weights from the host stay until their last run, so no two blocks are alike to the allocator.
 */
const everyBlockOnItsOwn = (_: ModelShape, il: number): number => il

function nanbeigeLoops(facts: HeaderFacts): BlockLoops {
  const stored = facts.number('block_count')!
  return { blockCount: stored * (facts.number('num_loops') ?? 1), weightBlock: (il) => il % stored }
}

const nanbeigeHeads = plainHeads()

/** src/models/nanbeige.cpp: the final norm stands between two runs too, unless `skip_loop_final_norm`. */
export const nanbeige: Architecture = {
  names: ['nanbeige'],
  loops: nanbeigeLoops,
  blockVariant: everyBlockOnItsOwn,
  graph: (b, { cur }) => {
    const stored = Number(b.model.hyperparameter('block_count'))
    const skips = b.model.hyperparameter('skip_loop_final_norm') === true
    let x = cur
    for (const il of eachBlock(b)) {
      const attended = attention(b, nanbeigeHeads(b, namedNorm(b, x, il, { name: 'attn_norm' }), il), il)
      const [out, residual] = gatherOutputs(b, il, attended, x)
      const middle = add(out, residual)
      x = add(feedForward(b, namedNorm(b, middle, il, { name: 'ffn_norm' }), il), middle)
      const next = il + 1
      if (!skips && next % stored === 0 && next < b.model.runBlockCount) {
        x = buildNorm(b, x, { weight: outputTensor(b, 'output_norm') }, il)
      }
    }
    outputHead(b, x)
  },
}

interface HrmSizes {
  readonly perStack: number
  readonly lowCycles: number
}

const hrmSizes = (value: (key: string) => unknown): HrmSizes => ({
  perStack: Number(value('hrm.layers_per_stack') ?? 1),
  lowCycles: Number(value('hrm.l_cycles') ?? 0),
})

/** Which run of a stack block `il` belongs to: `lowCycles` of the low stack, then one of the high. */
const isHigh = ({ perStack, lowCycles }: HrmSizes, il: number): boolean =>
  Math.floor(il / perStack) % (lowCycles + 1) === lowCycles

const hrmHeads = plainHeads({ withoutFactors: true })

function hrmBlock(b: GraphBuilder, cur: GraphTensor, il: number): GraphTensor {
  const input = rmsNorm(cur)
  const attended = attention(b, hrmHeads(b, input, il), il, { output: null })
  const middle = add(gatedOutput(b, attended, { il, input, activation: 'sigmoid' }), cur)
  return add(feedForward(b, rmsNorm(middle), il), middle)
}

/** src/models/hrm-text.cpp: a low and a high stack take turns over the same tokens; norms have no weights. */
export const hrmText: Architecture = {
  names: ['hrm_text'],
  tensorSplit: 'mirrored',
  loops: (facts) => {
    const sizes = hrmSizes(facts.value)
    return {
      blockCount: facts.number('block_count')!,
      weightBlock: (il) => (il % sizes.perStack) + (isHigh(sizes, il) ? sizes.perStack : 0),
    }
  },
  blockVariant: everyBlockOnItsOwn,
  graph: (b, { cur }) => {
    const sizes = hrmSizes(b.model.hyperparameter)
    let high = cur
    let low = hostInput(b, 'hrm.z_l_init')
    let x = cur
    for (const il of eachBlock(b)) {
      if (il % sizes.perStack === 0) x = add(high, low)
      x = hrmBlock(b, x, il)
      if ((il + 1) % sizes.perStack !== 0) continue
      if (isHigh(sizes, il)) high = rmsNorm(x)
      else low = rmsNorm(x)
    }
    logits(b, getRows(high, b.outputIds), {})
  },
}
