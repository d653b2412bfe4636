import { cont, getRows, inputTensor, padded, scale, view2d } from '../operations.ts'
import type { GraphTensor } from '../tensor.ts'
import { emit, type GraphBuilder, hostTensor } from './builder.ts'
import { deepstackLayers } from './deepstack.ts'

export interface Embeddings {
  /** What the first block reads. */
  readonly cur: GraphTensor
  /** Deepstack: the padded embedding whose further slices are added between blocks. */
  readonly deepstack: GraphTensor | undefined
}

/** `llm_graph_context::build_inp_embd`: a row per token, and an input for ready embeddings that is allocated all the same. */
export function embeddings(b: GraphBuilder): Embeddings {
  const { model, tokens } = b
  const slices = deepstackLayers(model)
  const width = model.embeddingLength * (1 + slices)
  const ready = inputTensor('f32', width, tokens)
  let cur = getRows(hostTensor(b, 'token_embd'), inputTensor('i32', tokens))
  if (slices > 0) cur = padded(cur, width, tokens)
  emit(b, cur)
  emit(b, ready)
  const deepstack = slices > 0 ? cur : undefined
  if (deepstack) cur = view2d(cur, [model.embeddingLength, tokens], cur.nb[1])
  if (Number(model.hyperparameter('embedding_scale') ?? 0) !== 0) cur = scale(deepstack ? cont(cur) : cur)
  return { cur: emit(b, cur), deepstack }
}
