/** `SingleParallelArchitectures` of types/model (Ollama 0.30 on): one request at a time, whatever OLLAMA_NUM_PARALLEL says. */
export const singleSlotArchitectures: ReadonlySet<string> = new Set([
  ...['mllama', 'qwen3vl', 'qwen3vlmoe', 'qwen35', 'qwen35moe', 'qwen3next'],
  ...['lfm2', 'lfm2moe', 'nemotron_h', 'nemotron_h_moe', 'nemotron_h_omni'],
])

/** `LLM_ARCH_NAMES` of the llama.cpp of April 2025 in Ollama 0.6.8, and what Ollama's own engine adds. */
export const earlierArchitectures: ReadonlySet<string> = new Set([
  ...['llama', 'llama4', 'mllama', 'deci', 'falcon', 'grok', 'gpt2', 'gptj', 'gptneox', 'mpt', 'baichuan', 'solar'],
  ...['starcoder', 'starcoder2', 'refact', 'bert', 'nomic-bert', 'jina-bert-v2', 'bloom', 'stablelm', 'mistral3'],
  ...['qwen', 'qwen2', 'qwen2moe', 'qwen2vl', 'qwen3', 'qwen3moe', 'phi2', 'phi3', 'phimoe', 'plamo', 'codeshell'],
  ...['orion', 'internlm2', 'minicpm', 'minicpm3', 'gemma', 'gemma2', 'gemma3', 'mamba', 'xverse', 'command-r'],
  ...['cohere2', 'dbrx', 'olmo', 'olmo2', 'olmoe', 'openelm', 'arctic', 'deepseek', 'deepseek2', 'chatglm', 'glm4'],
  ...['bitnet', 't5', 't5encoder', 'jais', 'nemotron', 'exaone', 'rwkv6', 'rwkv6qwen2', 'rwkv7', 'arwkv7'],
  ...['granite', 'granitemoe', 'chameleon', 'plm', 'bailingmoe'],
])
