import { isQuantized } from '../../header/ggml-type.ts'
import {
  add,
  addInplace,
  arange,
  cast,
  concat,
  cont,
  flashAttn,
  getRows,
  inputTensor,
  mulMat,
  permute,
  poolRows,
  repeat4d,
  reshape,
  result,
  scale,
  setRows,
  transpose,
  view1d,
  view2d,
  view3d,
  view4d,
} from '../operations.ts'
import { type GraphTensor, isContiguous } from '../tensor.ts'
import type { GraphBuilder } from './builder.ts'

/**
 * MiniMax sparse attention (src/models/minimax-m3.cpp): per group of heads an indexer ranks runs of positions, and the
 * group attends to the best. A prompt masks the others out; a token a stream gathers the chosen rows instead.
 */
export interface SparseInputs {
  /** Positions in a run. */
  readonly run: number
  readonly runs: number
  readonly chosenRuns: number
  readonly positions: number
  readonly bias: GraphTensor
  readonly positionMask: GraphTensor
  readonly cellOfPosition: GraphTensor
  /** Generating: `cellOfPosition` as numbers to gather. */
  readonly cellNumbers: GraphTensor | undefined
  /** Prompts: the run of each cell, and the causal mask as F32. */
  readonly runOfCell: GraphTensor
  readonly mask: GraphTensor
}

/** An empty cache has no positions; the graph that is reserved covers what they are padded to (`get_n_pos`). */
const POSITIONS_RESERVED = 256

export function sparseInputs(b: GraphBuilder): SparseInputs {
  const number = (key: string): number => Number(b.model.hyperparameter(`attention.indexer.${key}`))
  const run = number('block_size')
  // GGML_PAD masks bits, whatever the number.
  const positions = (POSITIONS_RESERVED + run - 1) & ~(run - 1)
  const runs = Math.floor(positions / run)
  return {
    run,
    runs,
    chosenRuns: Math.min(number('top_k'), runs),
    positions,
    bias: inputTensor('f32', runs, b.tokens),
    positionMask: inputTensor('f32', positions, b.tokens),
    cellOfPosition: inputTensor('i32', positions, b.streams),
    cellNumbers: b.tokens === b.streams ? inputTensor('f32', positions, b.streams) : undefined,
    runOfCell: inputTensor('i32', b.baseInputs.cells, b.streams),
    mask: cast(b.baseInputs.mask, 'f32'),
  }
}

/** What attention reads: queries of all heads, and the caches as `get_k` and `get_v` view them. */
export interface SparseOperands {
  readonly q: GraphTensor
  readonly k: GraphTensor
  readonly v: GraphTensor
  /** The indexer's queries, a head a group, and its keys. */
  readonly indexQuery: GraphTensor
  readonly indexKeys: GraphTensor
}

export function sparseAttention(b: GraphBuilder, inputs: SparseInputs, operands: SparseOperands): GraphTensor {
  if (inputs.cellNumbers) return gathered(b, inputs, inputs.cellNumbers, operands)
  const streams = Array.from({ length: b.streams }, (_, stream) => masked(b, inputs, operands, stream))
  return streams.reduce((joined, one) => concat(joined, one, 1))
}

const topK = (scores: GraphTensor, count: number): GraphTensor =>
  result('TOP_K', 'i32', [count, scores.ne[1], scores.ne[2], scores.ne[3]], [scores])

/** `build_attn_msa_fa`: groups, and streams where there are several, in the last dimension of one call. */
function groupedAttention(
  q: GraphTensor,
  k: GraphTensor,
  { v, mask, perGroup }: { readonly v: GraphTensor; readonly mask: GraphTensor; readonly perGroup: number },
): GraphTensor {
  const [size, heads, tokens] = q.ne
  const channels = k.ne[3]
  const rows = (heads * tokens) / (perGroup * channels)
  const query = permute(reshape(q, size, perGroup, channels, rows), 0, 2, 3, 1)
  const out = permute(flashAttn({ q: query, k, v, mask }), 0, 1, 3, 2)
  return reshape(isContiguous(out) ? out : cont(out), size * heads, tokens)
}

/** One stream of a prompt. */
function masked(b: GraphBuilder, inputs: SparseInputs, operands: SparseOperands, stream: number): GraphTensor {
  const { q, k, v, indexQuery } = operands
  const steps = b.tokens / b.streams
  const first = stream * steps
  const ofStream = (x: GraphTensor): GraphTensor =>
    view3d(x, [x.ne[0], x.ne[1], steps], [x.nb[1], x.nb[2]], first * x.nb[2])
  // One view for both uses: each view of an input is copied to the device by itself.
  const bias = overHeads(b, inputs.bias, stream)
  const chosen = chosenRunsOf(b, inputs, operands, { bias, stream })
  const mask = maskOfGroups(b, inputs, { bias, chosen, groups: indexQuery.ne[1], stream })
  const cache = (x: GraphTensor): GraphTensor =>
    permute(view4d(x, [x.ne[0], x.ne[1], x.ne[2], 1], [x.nb[1], x.nb[2], x.nb[3]], stream * x.nb[3]), 0, 3, 1, 2)
  return groupedAttention(ofStream(q), cache(k), { v: cache(v), mask, perGroup: q.ne[1] / k.ne[1] })
}

/** Inputs of a number a token, broadcast over the heads of an indexer. */
const overHeads = (b: GraphBuilder, x: GraphTensor, stream: number): GraphTensor => {
  const steps = b.tokens / b.streams
  return view3d(x, [x.ne[0], 1, steps], [x.nb[1], x.nb[1]], stream * steps * x.nb[1])
}

interface OfStream {
  /** The stream's part of the inputs' bias. */
  readonly bias: GraphTensor
  readonly stream: number
}

function chosenRunsOf(
  b: GraphBuilder,
  { positions, positionMask, cellOfPosition, run, chosenRuns }: SparseInputs,
  { indexQuery, indexKeys }: SparseOperands,
  { bias, stream }: OfStream,
): GraphTensor {
  const steps = b.tokens / b.streams
  const [size, groups] = indexQuery.ne
  const query = view3d(
    indexQuery,
    [size, groups, steps],
    [indexQuery.nb[1], indexQuery.nb[2]],
    stream * steps * indexQuery.nb[2],
  )
  const keys = view2d(indexKeys, [size, indexKeys.ne[2]], indexKeys.nb[2], stream * indexKeys.nb[3])
  const ordered = getRows(keys, view1d(cellOfPosition, positions, stream * cellOfPosition.nb[1]))
  const flat = mulMat(ordered, reshape(query, size, groups * steps))
  const scores = addInplace(reshape(flat, positions, groups, steps), overHeads(b, positionMask, stream))
  return topK(add(poolRows(scores, run), bias), chosenRuns)
}

/** Zero where a group's run was chosen and the cell is visible, for every cell. */
function maskOfGroups(
  b: GraphBuilder,
  { runs, chosenRuns, runOfCell, mask }: SparseInputs,
  { bias, chosen, groups, stream }: OfStream & { readonly chosen: GraphTensor; readonly groups: number },
): GraphTensor {
  const steps = b.tokens / b.streams
  const { cells } = b.baseInputs
  const rows = groups * steps
  const hidden = repeat4d(cast(scale(bias), 'f16'), runs, groups, steps, 1)
  const zeros = scale(cast(chosen, 'f32'))
  const opened = setRows(
    reshape(hidden, 1, runs, rows),
    reshape(zeros, 1, chosenRuns, rows),
    reshape(chosen, chosenRuns, rows),
  )
  const byGroup = cont(permute(reshape(opened, runs, groups, steps), 0, 2, 1, 3))
  const byRun = cont(transpose(reshape(byGroup, runs, rows)))
  const byCell = getRows(byRun, view1d(runOfCell, cells, stream * runOfCell.nb[1]))
  const ofCells = reshape(cont(transpose(byCell)), cells, steps, groups)
  const visible = view3d(mask, [cells, steps, 1], [mask.nb[1], mask.nb[3]], stream * mask.nb[3])
  return cast(reshape(addInplace(ofCells, visible), cells, steps, 1, groups), 'f16')
}

/** A token a stream: the chosen runs' keys and values are gathered by the rows that hold their positions. */
function gathered(
  b: GraphBuilder,
  inputs: SparseInputs,
  cellNumbers: GraphTensor,
  { q, k, v, indexQuery, indexKeys }: SparseOperands,
): GraphTensor {
  const { run, runs, positions, positionMask, bias, chosenRuns, cellOfPosition } = inputs
  const { streams } = b
  const [size, groups] = indexQuery.ne
  const keys = view3d(indexKeys, [size, indexKeys.ne[2], streams], [indexKeys.nb[2], indexKeys.nb[3]])
  const ordered = reshape(getRows(keys, cellOfPosition), size, positions, 1, streams)
  const raw = mulMat(ordered, reshape(indexQuery, size, groups, 1, streams))
  const scores = addInplace(raw, reshape(positionMask, positions, 1, 1, streams))
  const chosen = topK(add(poolRows(scores, run), reshape(bias, runs, 1, 1, streams)), chosenRuns)
  const starts = reshape(scale(cast(chosen, 'f32')), 1, chosenRuns, groups, streams)
  const rows = run * chosenRuns
  const asIndices = (x: GraphTensor): GraphTensor => cast(reshape(x, rows * groups, streams), 'i32')
  const wanted = add(repeat4d(starts, run, chosenRuns, groups, streams), reshape(arange(run), run, 1, 1))
  const wantedPositions = asIndices(wanted)
  const cells = reshape(
    getRows(reshape(cellNumbers, 1, positions, streams), wantedPositions),
    run,
    chosenRuns,
    groups,
    streams,
  )
  const wantedRows = asIndices(add(scale(cells), reshape(arange(groups), 1, 1, groups)))
  const fromCache = (x: GraphTensor): GraphTensor => {
    const flat = view3d(x, [x.ne[0], groups * x.ne[2], streams], [x.nb[1], x.nb[3]])
    const found = reshape(getRows(flat, wantedRows), x.ne[0], rows, 1, groups * streams)
    const type = isQuantized(x.type) ? 'f16' : x.type
    return found.type === type ? found : cast(found, type)
  }
  const visible = getRows(reshape(positionMask, 1, positions, streams), wantedPositions)
  const mask = cast(reshape(visible, rows, 1, 1, groups * streams), 'f16')
  return groupedAttention(q, fromCache(k), { v: fromCache(v), mask, perGroup: q.ne[1] / groups })
}
