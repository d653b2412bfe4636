import { afmoe } from './afmoe.ts'
import { apertus } from './apertus.ts'
import type { Architecture } from './architecture.ts'
import { arctic } from './arctic.ts'
import { baichuan } from './baichuan.ts'
import { bailingmoe3 } from './bailingmoe3.ts'
import { bitnet } from './bitnet.ts'
import { chameleon } from './chameleon.ts'
import { cogvlm } from './cogvlm.ts'
import { cohere2, cohere2Moe, commandR } from './command-r.ts'
import { dbrx } from './dbrx.ts'
import { deci } from './deci.ts'
import { deepseek2, deepseek2Ocr, mistral4 } from './deepseek2.ts'
import { deepseek32 } from './deepseek32.ts'
import { dream, llada, lladaMoe, rnd1 } from './diffusion.ts'
import { dots3note } from './dots3note.ts'
import { ernieMoe } from './ernie-moe.ts'
import { exaoneMoe } from './exaone-moe.ts'
import { laguna, museGlimmer, spark } from './gated.ts'
import { gemma, gemma2, gemma3 } from './gemma.ts'
import { gemma3n } from './gemma3n.ts'
import { gemma4 } from './gemma4.ts'
import { chatglm, glm4, glm4Moe } from './glm.ts'
import { gptOss } from './gpt-oss.ts'
import { granite, graniteSwa } from './granite.ts'
import { graniteHybrid } from './granite-hybrid.ts'
import { grok } from './grok.ts'
import { groveMoe } from './grovemoe.ts'
import { hunyuanDense, hunyuanMoe, hunyuanVl } from './hunyuan.ts'
import { hyV4 } from './hy-v4.ts'
import { hyV3 } from './hy.ts'
import { jamba } from './jamba.ts'
import { falcon, gptNeox, jais2, olmo, orion, phi2, stablelm, starcoder2 } from './layer-norm.ts'
import { lfm2 } from './lfm2.ts'
import { llama } from './llama.ts'
import { llama4 } from './llama4.ts'
import { hrmText, nanbeige } from './looped.ts'
import { mamba, mamba2 } from './mamba.ts'
import { minicpm, minicpm3 } from './minicpm.ts'
import { minimaxM2 } from './minimax-m2.ts'
import { minimaxM3 } from './minimax-m3.ts'
import { nemotronH } from './nemotron-h.ts'
import { openelm } from './openelm.ts'
import { plamo, plamo2, plamo3 } from './plamo.ts'
import { plm } from './plm.ts'
import { exaone4, olmo2 } from './post-norm.ts'
import { qwen35, qwen3next } from './qwen3next.ts'
import { rwkv7 } from './rwkv7.ts'
import { step35 } from './step35.ts'
import { talkie } from './talkie.ts'
import {
  arcee,
  bailingmoe,
  deepseek,
  dots1,
  nemotron,
  olmoe,
  panguEmbedded,
  phi3,
  phimoe,
  qwen2Moe,
  qwenVision,
  refact,
  seedOss,
  smollm3,
} from './transformers.ts'
import { bloom, gpt2, jais, mpt } from './unrotated.ts'
import { maple, mellum, mimo2, smallthinker } from './windowed-experts.ts'

/** Every architecture that is described; one file each, or one a family whose members differ in a line. */
const described: readonly Architecture[] = [
  llama,
  ...[gemma2, gemma3, gemma3n, gemma4, gptOss, glm4, glm4Moe, granite, phi3, nemotron, arcee, seedOss, smollm3],
  ...[dots1, deepseek, olmoe, qwen2Moe, qwenVision, minimaxM2, hunyuanDense, hunyuanMoe, ernieMoe, apertus, step35],
  ...[commandR, cohere2, olmo2, exaone4, starcoder2, stablelm, falcon, llama4, deepseek2, deepseek32],
  ...[minicpm, minicpm3, mistral4, deepseek2Ocr, hunyuanVl, hyV3, mimo2, smallthinker, mellum, maple, laguna, spark],
  ...[olmo, orion, openelm, jais, jais2, refact, panguEmbedded, plamo, plamo2, plamo3, plm, talkie],
  ...[museGlimmer, nanbeige, hrmText, hyV4, dots3note, minimaxM3],
  ...[llada, lladaMoe, dream, rnd1],
  ...[gemma, phimoe, phi2, baichuan, chatglm, exaoneMoe, dbrx, grok, arctic, deci, bailingmoe, afmoe, cohere2Moe],
  ...[gptNeox, gpt2, bloom, mpt, bitnet, chameleon, cogvlm, groveMoe, graniteSwa, bailingmoe3],
  ...[mamba, mamba2, jamba, graniteHybrid, nemotronH, lfm2, qwen3next, qwen35, rwkv7],
]

const byName: ReadonlyMap<string, Architecture> = new Map(
  described.flatMap((architecture) => architecture.names.map((name) => [name, architecture] as const)),
)

export const architectureNames: readonly string[] = [...byName.keys()]

export const isDescribed = (name: string): boolean => byName.has(name)

/** The description of an architecture; an unknown one is taken for a plain transformer and marked `assumed`. */
export const architectureNamed = (name: string): Architecture => byName.get(name) ?? llama
