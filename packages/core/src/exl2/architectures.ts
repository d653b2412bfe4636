/** What an architecture changes about memory; everything else is read off the config and the tensors. */
export interface Exl2Architecture {
  /** Attention and feed-forward load as one module (`parallel_decoder_blocks`). */
  readonly parallelBlocks?: true
  /** Two bases of rotation, so two tables (`rotary_embedding_base_alt`). */
  readonly ropeTables?: 0 | 2
  /** The residual stream is float (`residual_stream_fp32`). */
  readonly residualFloat?: true
  /** One key head whatever the config says (`mqa`). */
  readonly singleKeyHead?: true
}

/** `ExLlamaV2ArchParams` of exllamav2/architecture.py, 0.3, entry by entry. */
const exllamav2: Readonly<Record<string, Exl2Architecture>> = {
  LlamaForCausalLM: {},
  MistralForCausalLM: {},
  MixtralForCausalLM: {},
  LlavaForConditionalGeneration: {},
  Mistral3ForConditionalGeneration: {},
  YiForCausalLM: {},
  OrionForCausalLM: {},
  Qwen2ForCausalLM: {},
  Qwen3ForCausalLM: {},
  Qwen3MoeForCausalLM: {},
  Qwen2VLForConditionalGeneration: {},
  Qwen2_5_VLForConditionalGeneration: {},
  GemmaForCausalLM: {},
  Gemma2ForCausalLM: { residualFloat: true },
  Gemma3ForConditionalGeneration: { residualFloat: true, ropeTables: 2 },
  Starcoder2ForCausalLM: {},
  GemmoeForCausalLM: {},
  CohereForCausalLM: { parallelBlocks: true },
  Cohere2ForCausalLM: { parallelBlocks: true },
  DbrxForCausalLM: {},
  Phi3ForCausalLM: {},
  GPTBigCodeForCausalLM: { ropeTables: 0, singleKeyHead: true },
  GPT2LMHeadModel: { ropeTables: 0 },
  MiniCPMForCausalLM: {},
  InternLM2ForCausalLM: {},
  IndexForCausalLM: {},
  GraniteForCausalLM: {},
  Glm4ForCausalLM: {},
}

/** The engine's entry, or undefined: ExLlamaV2 then says so and loads the model as a Llama. */
export const exl2Architecture = (name: string): Exl2Architecture | undefined =>
  Object.hasOwn(exllamav2, name) ? exllamav2[name] : undefined
