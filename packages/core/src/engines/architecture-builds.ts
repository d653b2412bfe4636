/**
 * The build (`llama.cpp` tag b<N>) from which on llama.cpp loads each architecture, oldest first. Up to b7347 that of the
 * pull request which added it, read from its date where the tag is not known, which may be off by some tens; for the first
 * group and after b7347 the first release whose list of architectures was seen to name it, unless a thread dates it
 * better. A list may lag, so an architecture can be older than it is taken for here.
 */
export const architectureBuilds: readonly (readonly [build: number, names: string])[] = [
  [
    3543,
    `llama falcon grok gpt2 gptneox mpt baichuan starcoder refact bert nomic-bert jina-bert-v2 bloom stablelm qwen qwen2
     qwen2moe phi2 phi3 plamo codeshell orion internlm2 minicpm gemma gemma2 starcoder2 mamba xverse command-r dbrx olmo
     openelm arctic deepseek2 chatglm bitnet t5 jais`,
  ],
  [3565, 't5encoder'],
  [3592, 'nemotron exaone'],
  [3651, 'rwkv6'],
  [3667, 'minicpm3'],
  [3769, 'olmoe'],
  [3772, 'granite'],
  [3827, 'granitemoe'],
  [3840, 'chameleon'],
  [4152, 'olmo2'],
  [4329, 'qwen2vl'],
  [4333, 'deepseek'],
  [4353, 'wavtokenizer-dec'],
  [4384, 'deci'],
  [4415, 'cohere2'],
  [4453, 'phimoe rwkv6qwen2'],
  [4875, 'gemma3'],
  [4908, 'rwkv7 arwkv7'],
  [4977, 'plm'],
  [5004, 'bailingmoe'],
  [5078, 'llama4'],
  [5092, 'qwen3 qwen3moe'],
  [5121, 'glm4'],
  [5205, 'nomic-bert-moe'],
  [5685, 'arcee dots1 neo-bert'],
  [5763, 'gemma3n'],
  [5775, 'ernie4_5'],
  [5814, 'mamba2'],
  [5851, 'smollm3 hunyuan-moe'],
  [5873, 'jamba falcon-h1 granitehybrid'],
  [5883, 'lfm2'],
  [5909, 'plamo2 dream'],
  [5929, 'ernie4_5-moe exaone4'],
  [6013, 'smallthinker'],
  [6059, 'llada hunyuan-dense'],
  [6096, 'glm4moe gpt-oss'],
  [6255, 'seed_oss'],
  [6315, 'jina-bert-v3 nemotron_h'],
  [6384, 'gemma-embedding'],
  [6488, 'llada-moe'],
  [6577, 'grovemoe'],
  [6704, 'apertus lfm2moe'],
  [6810, 'bailingmoe2'],
  [6915, 'cogvlm qwen3vl qwen3vlmoe minimax-m2'],
  [6959, 'pangu-embedded'],
  [7062, 'afmoe'],
  [7149, 'rnd1'],
  [7218, 'qwen3next mistral3'],
  [7698, 'modern-bert nemotron_h_moe mimo2 plamo3 maincoder llama-embed'],
  [8095, 'exaone-moe glm-dsa qwen35 qwen35moe step35'],
  [8352, 'eurobert jais2 kimi-linear paddleocr'],
  [8637, 'deepseek2-ocr gemma4 mistral4'],
  [8900, 'hunyuan_vl'],
  // Other engines were offered files made for llama.cpp's own support of it on 4 June 2026.
  [9500, 'mellum'],
  [9630, 'cohere2moe'],
  [9842, 'deepseek32'],
  [9860, 'deepseek4'],
  // llamafile's change log of that sync names it.
  [10_103, 'laguna'],
  [10_221, 'hy_v3'],
  [10_361, 'minimax-m3 graniteswitch muse-glimmer nanbeige qwen3tts talkie'],
]

/** The architectures that a build of llama.cpp loads, of those that 0.5.0-dev does; none before the first of these builds. */
export const architecturesOf = (build: number): ReadonlySet<string> =>
  new Set(architectureBuilds.filter(([first]) => first <= build).flatMap(([, names]) => names.split(/\s+/)))
