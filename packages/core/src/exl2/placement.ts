import { bytes, type Bytes } from '../units.ts'
import { activationBytes, CUBLAS_WORKSPACE } from './activations.ts'
import { exl2CacheTensors, exl2CacheWorkTensors } from './cache.ts'
import { type Exl2DeviceMemory, figure } from './device-memory.ts'
import type { Exl2Model } from './model.ts'
import type { Exl2Module } from './modules.ts'
import { passTokens } from './scratch.ts'
import type { Exl2Settings } from './settings.ts'
import { oneTensor, runBytes, type TensorRun } from './tensor-run.ts'
import { allocateAll, emptyPool } from './torch-allocator.ts'

/** The place of a module that lies in host memory. */
export const EXL2_HOST = -1

/** Where every module lies, and what that takes. */
export interface Exl2Placement {
  /** A device's position or `EXL2_HOST`, a module each, in load order. */
  readonly places: readonly number[]
  readonly devices: readonly Exl2DeviceMemory[]
  /** The embedding's table in halves. Exact. */
  readonly hostBytes: Bytes
}

/** Which device no longer takes a module, and which module it was. */
export interface Exl2Refused {
  readonly module: number
  readonly device: number
  /** What the module asks for there, with all that is already promised; need not be whole. */
  readonly requested: number
  readonly capacity: number
}

export const hasCache = ({ kind }: Exl2Module): boolean => kind === 'attention' || kind === 'parallel'

const HALF_BYTES = 2

/** Sines and cosines in halves, a table of each (`prepare_sincos`, exllamav2/device.py). Exact. */
export const ropeTensors = ({ headDim, ropeTables }: Exl2Model, { maxSeqLen }: Exl2Settings): TensorRun => ({
  bytes: bytes(maxSeqLen * headDim * HALF_BYTES),
  count: 2 * ropeTables,
})

export interface DeviceContents {
  readonly model: Exl2Model
  readonly settings: Exl2Settings
  readonly modules: readonly Exl2Module[]
  /** The buffer the modules of this device share; 0 where there is none. */
  readonly scratchBytes: number
  readonly reserveBytes: number
  /** Whether each module's cache is made with it, or all of it once the model is loaded. */
  readonly cacheWithModule: boolean
}

type Loading = Pick<DeviceContents, 'model' | 'settings' | 'scratchBytes'>

/** Scratch and tables, made by the first module that is loaded. */
const bufferTensors = ({ model, settings, scratchBytes }: Loading): readonly TensorRun[] =>
  scratchBytes === 0 ? [] : [ropeTensors(model, settings), oneTensor(bytes(scratchBytes))]

/** What a cache takes for a module; with the first one a device has, what it works on (`touch_device`). */
const cacheOf = ({ model, settings }: Loading, module: Exl2Module, first: boolean): readonly TensorRun[] =>
  (hasCache(module)
    ? [...(first ? exl2CacheWorkTensors(model, settings) : []), ...exl2CacheTensors(model, settings, module.block!)]
    : []
  ).map(oneTensor)

/** The tensors that loading one module of a device makes, in order, its cache among them. */
export const loadedTensors = (
  loading: Loading,
  module: Exl2Module,
  before: readonly Exl2Module[],
): readonly TensorRun[] => [
  ...cacheOf(loading, module, !before.some(hasCache)),
  ...module.resident,
  ...(before.length === 0 ? bufferTensors(loading) : []),
]

/** What a device's modules take once they are loaded and run. */
export function deviceMemory(contents: DeviceContents): Exl2DeviceMemory {
  const { model, settings, modules, reserveBytes, cacheWithModule } = contents
  const weights = modules.flatMap(({ resident }) => resident)
  const firstCached = modules.findIndex(hasCache)
  const cache = modules.flatMap((module, index) => cacheOf(contents, module, index === firstCached))
  const scratch = bufferTensors(contents)
  const inOrder = cacheWithModule
    ? modules.flatMap((module, index) => loadedTensors(contents, module, modules.slice(0, index)))
    : [...scratch, ...weights, ...cache]
  const rows = passTokens(settings)
  const activations = Math.max(0, ...modules.map((module) => activationBytes(model, module, { settings, rows })))
  const certainty = model.described ? 'exact' : 'assumed'
  return {
    weights: figure(
      runBytes(weights),
      certainty,
      'tensors of the files as make_q_matrix keeps them (exllamav2/ext.py)',
    ),
    cache: figure(runBytes(cache), certainty, `ExLlamaV2Cache, ${settings.cacheMode} (exllamav2/cache.py)`),
    scratch: figure(
      runBytes(scratch),
      certainty,
      'scratch_space_fixed of the modules, tables of prepare_sincos (exllamav2/device.py)',
    ),
    activations: figure(
      modules.length === 0 ? 0 : activations + CUBLAS_WORKSPACE,
      model.described ? 'upper-bound' : 'assumed',
      'every tensor of the widest module’s pass at once, and the workspace of cuBLAS',
    ),
    allocator: figure(
      allocateAll(emptyPool, inOrder).reserved - runBytes(inOrder),
      'assumed',
      'replay of PyTorch’s CUDACachingAllocator over the loaded tensors',
    ),
    reserve: figure(reserveBytes, 'exact', 'reserve_vram of load_autosplit (exllamav2/model.py)'),
  }
}

export const modulesOn = (
  modules: readonly Exl2Module[],
  places: readonly number[],
  place: number,
): readonly Exl2Module[] => modules.filter((_, index) => places[index] === place)

export const hostBytes = (modules: readonly Exl2Module[], places: readonly number[]): Bytes =>
  runBytes(modulesOn(modules, places, EXL2_HOST).flatMap(({ resident }) => resident))
