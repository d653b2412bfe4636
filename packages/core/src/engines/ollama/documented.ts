/**
 * Ollama's own words, from its documentation (docs/modelfile.mdx, docs/api.md, docs/faq.mdx, docs/gpu.mdx) and llama.cpp's for
 * what passes through: what a launch may contain, for tests. Nothing here is taken from what writes a launch.
 */

type Kind = 'int' | 'float' | 'string' | 'bool'

/** Instructions of a Modelfile. */
const INSTRUCTIONS = ['from', 'parameter', 'template', 'system', 'adapter', 'license', 'message', 'requires'] as const

/** Parameters of a Modelfile and options of a request. */
const PARAMETERS: Readonly<Record<string, Kind>> = {
  ...{
    num_ctx: 'int',
    repeat_last_n: 'int',
    repeat_penalty: 'float',
    temperature: 'float',
    seed: 'int',
    stop: 'string',
  },
  ...{ num_predict: 'int', draft_num_predict: 'int', top_k: 'int', top_p: 'float', min_p: 'float', typical_p: 'float' },
  ...{ num_keep: 'int', presence_penalty: 'float', frequency_penalty: 'float', penalize_newline: 'bool' },
  ...{ numa: 'bool', num_batch: 'int', num_gpu: 'int', main_gpu: 'int', use_mmap: 'bool', num_thread: 'int' },
}

const DEVICES = /^(-1|(GPU|MIG)-[\w-]+(,(GPU|MIG)-[\w-]+)*|\d+(,\d+)*)$/

/** Variables of the server, with what they may hold. */
const VARIABLES: Readonly<Record<string, RegExp>> = {
  OLLAMA_CONTEXT_LENGTH: /^\d+$/,
  OLLAMA_NUM_PARALLEL: /^\d+$/,
  OLLAMA_MAX_LOADED_MODELS: /^\d+$/,
  OLLAMA_KV_CACHE_TYPE: /^(f16|q8_0|q4_0)$/,
  OLLAMA_FLASH_ATTENTION: /^(0|1|true|false)$/,
  OLLAMA_SCHED_SPREAD: /^(0|1|true|false)$/,
  OLLAMA_GPU_OVERHEAD: /^\d+$/,
  OLLAMA_HOST: /^[\w.-]+:\d+$/,
  OLLAMA_KEEP_ALIVE: /^-?\d+[smh]?$/,
  OLLAMA_LLM_LIBRARY: /^[\w-]+$/,
  CUDA_DEVICE_ORDER: /^(PCI_BUS_ID|FASTEST_FIRST)$/,
  CUDA_VISIBLE_DEVICES: DEVICES,
  ROCR_VISIBLE_DEVICES: DEVICES,
  HIP_VISIBLE_DEVICES: DEVICES,
  GGML_VK_VISIBLE_DEVICES: /^(-1|\d+(,\d+)*)$/,
  LLAMA_ARG_FIT_TARGET: /^\d+(,\d+)*$/,
}

export const acceptsVariable = (name: string, value: string): boolean => VARIABLES[name]?.test(value) ?? false

export interface ReadModelfile {
  readonly from: string
  readonly parameters: Readonly<Record<string, string>>
}

/** Reads a Modelfile as the documentation describes it: an instruction a line, names in any case, `#` for comments. */
export function readModelfile(text: string): ReadModelfile {
  let from: string | undefined
  const parameters: Record<string, string> = {}
  for (const { instruction, value } of instructionsOf(text)) {
    if (instruction === 'from') from = value
    if (instruction === 'parameter') {
      const [name = '', ...rest] = value.split(' ')
      if (!acceptsOption(name, rest.join(' '))) throw new Error(`no parameter: ${value}`)
      parameters[name] = rest.join(' ')
    }
  }
  if (from === undefined) throw new Error('no FROM line')
  return { from, parameters }
}

/** A value may stand in quotes, and one of several lines in three. */
function instructionsOf(text: string): readonly { readonly instruction: string; readonly value: string }[] {
  const found = text.matchAll(/^(?:#.*|([A-Za-z]+)[ \t]+(?:"""([\s\S]*?)"""[ \t]*|"(.*)"[ \t]*|(.*))|[ \t]*)$/gm)
  const read = [...found].flatMap(([, name, long, quoted, plain]) =>
    name === undefined ? [] : [{ instruction: name.toLowerCase(), value: long ?? quoted ?? plain!.trim() }],
  )
  const unknown = read.find(({ instruction }) => !INSTRUCTIONS.some((one) => one === instruction))
  if (unknown) throw new Error(`no instruction: ${unknown.instruction}`)
  return read
}

const HOLDS = {
  int: /^-?\d+$/,
  float: /^-?\d+(\.\d+)?$/,
  bool: /^(true|false)$/,
  string: /./,
} as const satisfies Record<Kind, RegExp>

export function acceptsOption(name: string, value: string): boolean {
  const kind = PARAMETERS[name]
  return kind !== undefined && HOLDS[kind].test(value)
}
