/** One graph that the engine computes: a ubatch of a prompt, or one token of every slot that generates. */
export interface Pass {
  readonly tokens: number
  /** Sequences that the tokens belong to. */
  readonly slots: number
  /** Cells that each sequence has filled. */
  readonly depth: number
  /** Rows of logits. */
  readonly outputs: number
}

/** A token of every slot that generates. */
export const generationPass = (slots: number, depth: number): Pass => ({ tokens: slots, slots, depth, outputs: slots })

/** A ubatch from the middle of a prompt: the mean of all its ubatches, since attention grows evenly. */
export const promptPass = (promptTokens: number, ubatch: number): Pass => {
  const tokens = Math.min(promptTokens, ubatch)
  return { tokens, slots: 1, depth: (promptTokens + tokens) / 2, outputs: 1 }
}
