import type { LaunchInput } from '../../engines/engine.ts'
import type { Launch } from '../../engines/launch.ts'
import { toYaml, type YamlValue } from '../../engines/yaml.ts'
import { MIB } from '../../units.ts'
import type { Exl2Told } from '../plan/run.ts'
import { exl2Environment, toldOf } from './exl2-launch.ts'
import { inPages } from './exl2-request.ts'
import { modelFolder } from './model-folder.ts'

const CONFIG = 'config.yml'
/** Of config_sample.yml; several at once listen one after the other. */
const FIRST_PORT = 5000

/** `python main.py` with a config that states every field of its model section that memory depends on. */
export const launchTabby = (input: LaunchInput): Launch => ({
  environment: exl2Environment(input),
  program: 'python',
  arguments: ['main.py', '--config', CONFIG],
  files: [{ name: CONFIG, language: 'yaml', content: configOf(input), use: 'needed' }],
  afterwards: [],
})

function configOf(input: LaunchInput): string {
  const told = toldOf(input)
  const { parent, name } = modelFolder(input.source)
  const { parallel, kvUnified, contextLength } = input.placement.settings
  return toYaml({
    model: {
      model_dir: parent,
      model_name: name,
      backend: told.run.format === 'exl2' ? 'exllamav2' : 'exllamav3',
      max_seq_len: kvUnified ? contextLength : Math.max(1, Math.floor(contextLength / parallel)),
      cache_size: cacheSizeOf(told),
      cache_mode: cacheModeOf(told),
      tensor_parallel: false,
      ...splitFields(told),
      chunk_size: told.run.format === 'exl2' ? told.run.settings.maxInputLen : told.run.settings.maxChunkSize,
      max_batch_size: parallel,
      vision: false,
    },
    network: { host: '127.0.0.1', port: FIRST_PORT + (input.position ?? 0) },
    // The allocator that is planned for; TabbyAPI would choose cudaMallocAsync.
    memory: { cuda_malloc_async: false },
  })
}

const cacheSizeOf = ({ run }: Exl2Told): number => inPages(run.settings.cacheTokens)

/** ExLlamaV3 is told bits a key and a value. */
function cacheModeOf({ run }: Exl2Told): string {
  if (run.format === 'exl2') return run.settings.cacheMode
  const { cacheBits } = run.settings
  return cacheBits ? `${cacheBits.keys},${cacheBits.values}` : 'FP16'
}

/** Without a second GPU neither is read by ExLlamaV2; ExLlamaV3 crashes where it is told a split and reserves. */
function splitFields({ split, modules }: Exl2Told): Fields {
  if (split.kind === 'auto') {
    const reserve = split.reserve.map((bytes) => bytes / MIB)
    return { gpu_split_auto: modules.length > 1, autosplit_reserve: reserve, gpu_split: [] }
  }
  return { gpu_split_auto: false, gpu_split: modules.length > 1 ? split.gigabytes : [] }
}

type Fields = Readonly<Record<string, YamlValue>>
