import {
  concat,
  cpy,
  getRows,
  inputTensor,
  reshape,
  scaleInplace,
  transpose,
  view1d,
  view2d,
  view3d,
} from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { cacheTensor, emit, type GraphBuilder } from './builder.ts'

const I32_BYTES = 4

/** Which states a batch reads, and which others must be moved: `llm_graph_input_rs`. One for the whole graph. */
export interface StateInputs {
  readonly main: GraphTensor
  readonly extra: GraphTensor
}

export function stateInputs(b: GraphBuilder): StateInputs {
  const states = b.shape.sequences
  const copies = inputTensor('i32', states)
  return { main: view1d(copies, b.sequences), extra: view1d(copies, states - b.sequences, b.sequences * I32_BYTES) }
}

/** State `kind` of block `il`: a row of `width` elements a sequence. */
export const stateTensor = (b: GraphBuilder, kind: 'r' | 's', il: number, width: number): GraphTensor =>
  cacheTensor(b, kind, il, { type: 'f32', ne: [width, b.shape.sequences, 1, 1] })

export type ReadStates = (states: GraphTensor, ids: GraphTensor) => GraphTensor

/** `llm_graph_context::build_rs`: clears fresh states, reads those of the batch, moves the others. */
export function readStates(
  b: GraphBuilder,
  inputs: StateInputs,
  state: GraphTensor,
  read: ReadStates = getRows,
): GraphTensor {
  const width = state.ne[0]
  const rows = reshape(state, width, state.ne[1])
  emit(b, scaleInplace(view1d(rows, width)))
  const output = emit(b, read(rows, inputs.main))
  const others = state.ne[1] - b.sequences
  emit(b, cpy(getRows(rows, inputs.extra), view2d(state, [width, others], state.nb[1], b.sequences * state.nb[1])))
  return output
}

export interface PastColumns {
  readonly il: number
  /** Columns that a convolution reads back: its width less one. */
  readonly past: number
  readonly channels: number
}

/** A convolution's input behind the columns it remembers; the last ones are stored for the next batch. `x` is channels × steps × sequences. */
export function withPastColumns(
  b: GraphBuilder,
  inputs: StateInputs,
  x: GraphTensor,
  { il, past, channels }: PastColumns,
): GraphTensor {
  const { sequences } = b
  const steps = b.tokens / sequences
  const state = stateTensor(b, 'r', il, past * channels)
  const before = reshape(readStates(b, inputs, state), past, channels, sequences)
  const joined = concat(before, transpose(x), 0)
  const last = view3d(joined, [past, channels, sequences], [joined.nb[1], joined.nb[2]], steps * joined.nb[0])
  emit(b, cpy(last, view2d(state, [state.ne[0], sequences], state.nb[1])))
  return joined
}
