import type { TensorInfo } from '@berth/core'
import { deepseek, dots1, ernie45Moe, glm4Moe, hunyuanMoe, minimaxM2 } from './experts.ts'
import { glm4, gptOss, phi3 } from './fused.ts'
import { gemma2, gemma3, gemma3n, gemma4 } from './gemma.ts'
import { graniteHybrid, jamba, lfm2, nemotronH, qwenHybrid } from './hybrid.ts'
import { cohere, exaone4, falcon, llama, llama4, olmo2, qwen2, qwen3, seedOss, starcoder2 } from './llama.ts'
import { mamba, mamba2, rwkv7 } from './recurrent.ts'
import type { Shape } from './shape.ts'

/** Which tensors a converted model of this architecture has, by `general.architecture`. */
export type TensorSchema = (shape: Shape) => readonly TensorInfo[]

/** Mirrors what `convert_hf_to_gguf` writes and `load_arch_tensors` of llama.cpp expects. */
export const schemas = {
  'command-r': cohere,
  cohere2: cohere,
  deepseek2: deepseek,
  deepseek32: deepseek,
  dots1,
  'ernie4_5-moe': ernie45Moe,
  exaone4,
  falcon,
  gemma2,
  gemma3,
  gemma3n,
  gemma4,
  glm4,
  glm4moe: glm4Moe,
  'gpt-oss': gptOss,
  granite: llama,
  granitehybrid: graniteHybrid,
  'hunyuan-dense': qwen3,
  'hunyuan-moe': hunyuanMoe,
  jamba,
  lfm2,
  lfm2moe: lfm2,
  llama,
  llama4,
  mamba,
  mamba2,
  'minimax-m2': minimaxM2,
  nemotron_h: nemotronH,
  nemotron_h_moe: nemotronH,
  olmo2,
  phi3,
  qwen2,
  qwen3,
  qwen35: qwenHybrid,
  qwen35moe: qwenHybrid,
  qwen3moe: qwen3,
  qwen3next: qwenHybrid,
  rwkv7,
  seed_oss: seedOss,
  smollm3: llama,
  starcoder2,
} as const satisfies Record<string, TensorSchema>

export type Architecture = keyof typeof schemas
