import type { FormatId } from '../issue.ts'
import { isRecord, textOf } from '../json/check.ts'
import type { JsonPlace } from '../json/read-field.ts'
import { lineOf } from '../json/read-field.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import type { Figure } from '../text/figures.ts'
import { parseMemory, parseName, parseNumber, parsePciBusId, parseSwitch, saysUnknown } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import { amdMemory, amdName, generationOf, parseTarget } from './amd-figures.ts'
import { placePartitions } from './amd-partitions.ts'
import type { DeviceReading, JsonFormat, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { readIndented } from './indented.ts'
import type { SmiNode } from './smi-tree.ts'
import { child, placesOf } from './smi-tree.ts'

/** JSON as the tree that the text form has: a `{ value, unit }` is one figure with its unit. */
function toTree(tag: string, value: unknown, place: JsonPlace): SmiNode {
  // A line is looked for when something is wrong on it, and not for each of thousands of figures.
  const node = (text: string, children: readonly SmiNode[]): SmiNode => ({
    tag,
    text,
    get line() {
      return lineOf(place)
    },
    children,
  })
  if (!isRecord(value)) return node(value === null ? '' : textOf(value), [])
  if (Object.hasOwn(value, 'value') && Object.hasOwn(value, 'unit')) {
    return node(`${textOf(value['value'])} ${textOf(value['unit'])}`.trim(), [])
  }
  const parts = Object.entries(value).map(([key, part]) =>
    toTree(key.toLowerCase(), part, { ...place, path: [...place.path, key] }),
  )
  return node('', parts)
}

/** What `static` and `list` print of a GPU, and what `metric` does. */
const parts = { static: ['asic', 'bus', 'vram', 'bdf'], metric: ['mem_usage'] } as const
type Command = keyof typeof parts

/** A bare list up to ROCm 6, under `gpu_data` since. */
function gpuList(value: unknown, command: Command): readonly unknown[] | undefined {
  const list = isRecord(value) ? value['gpu_data'] : value
  const isGpu = (entry: unknown): boolean =>
    isRecord(entry) &&
    Object.hasOwn(entry, 'gpu') &&
    !Object.hasOwn(entry, 'links') &&
    parts[command].some((key) => Object.hasOwn(entry, key))
  return Array.isArray(list) && list.length > 0 && list.every(isGpu) ? list : undefined
}

const jsonFormat = (id: FormatId, command: Command): JsonFormat => ({
  id,
  rank: 1,
  kind: 'json',
  accepts: (value) => gpuList(value, command) !== undefined,
  readJson: (value, section, notes) => {
    const above = Array.isArray(value) ? [] : ['gpu_data']
    const gpus = (gpuList(value, command) ?? []).map((entry, at) =>
      toTree('gpu', entry, { path: [...above, at], section, notes }),
    )
    return readGpus(gpus, section.firstLine, notes)
  },
})

/** `amd-smi static --json`, in both shapes. */
export const amdSmiJson = jsonFormat('amd-smi-json', 'static')

/** `amd-smi metric --json`: what is used now, by the number of the GPU alone. */
export const amdSmiMetricJson = jsonFormat('amd-smi-metric-json', 'metric')

const gpuHeading = /^GPU: \d{1,3}\s*$/
const isGpuHeading = (line: string): boolean => gpuHeading.test(line.slice(0, 64))

const textFormat = (id: FormatId, firstHeading: RegExp): TextFormat => ({
  id,
  rank: 1,
  kind: 'text',
  starts: (lines, at) => isGpuHeading(lines[at]!) && firstHeading.test((lines[at + 1] ?? '').slice(0, 64)),
  end: (lines, at) => endWhile(lines, at, (line) => /^\s|^$/.test(line) || isGpuHeading(line)),
  read: (section, notes) => {
    const root = readIndented(section.lines, section.firstLine)
    const gpus = root.children.filter((node) => node.tag === 'gpu')
    return readGpus(gpus, section.firstLine, notes)
  },
})

/** `amd-smi metric` as text: it begins with one of these, whichever of its options were asked for. */
const metricHeading = /^\s+(?:USAGE|POWER|CLOCK|TEMPERATURE|PCIE|ECC|ECC_BLOCKS|FAN|MEM_USAGE):/
export const amdSmiMetricText = textFormat('amd-smi-metric-text', metricHeading)

/** `amd-smi static` as text. */
export const amdSmiText = textFormat('amd-smi-text', /^\s+[A-Z_]+:/)

function readGpus(gpus: readonly SmiNode[], line: number, notes: Notes): SectionReading {
  if (tooMany(gpus.length, { notes, line, what: 'GPUs' })) return nothingRead
  const driver = gpus
    .flatMap((gpu) => ['driver/version', 'driver/driver_version'].map((path) => child(gpu, path)?.text))
    .find((text) => text !== undefined && !saysUnknown(text))
  return {
    devices: placePartitions(
      gpus.map((gpu) => readGpu(gpu, notes)),
      notes,
    ),
    host: defined({ driverVersion: driver?.slice(0, 64) }),
  }
}

function readGpu(gpu: SmiNode, notes: Notes): DeviceReading {
  const { need, want } = placesOf(gpu, notes)
  const size = (...paths: readonly string[]) => need(paths, (text) => parseMemory(text, 'MB'))
  const name = amdName(['asic/market_name', 'board/product_name'].map((path) => want([path], parseName)))
  const architecture = want(['asic/target_graphics_version'], parseTarget)
  const pcie = defined({
    generation: want(['pcie/speed'], parseGeneration),
    width: want(['pcie/width'], parseNumber),
    generationMax: want(['bus/max_pcie_speed'], parseGeneration),
    widthMax: want(['bus/max_pcie_width'], parseNumber),
  })
  return defined({
    line: gpu.line,
    backend: 'rocm' as const,
    smiIndex: want(['gpu'], parseNumber) ?? Number(/\d+/.exec(gpu.text)?.[0]),
    name,
    pciBusId: want(['bus/bdf', 'bdf'], parsePciBusId),
    architecture,
    computeUnits: want(['asic/num_compute_units'], parseNumber),
    // MI300A reports 0: its memory is the host's, and not told here.
    ...amdMemory(defined({ name, architecture }), {
      vram: size('mem_usage/total_vram', 'vram/size', 'vram/vram_size'),
      vramUsed: size('mem_usage/used_vram'),
      gtt: size('mem_usage/total_gtt'),
      gttUsed: size('mem_usage/used_gtt'),
    }),
    // The cap that is set; the most that could be set is not what the card runs at.
    powerLimitWatts: want(['limit/ppt0/socket_power_limit', 'limit/socket_power', 'limit/max_power'], parseNumber),
    eccEnabled: want(['ras/ecc_block_state/umc'], parseSwitch),
    pcie: Object.keys(pcie).length === 0 ? undefined : pcie,
  })
}

/** "32 GT/s", and "16000 MT/s" of releases before ROCm 6. */
function parseGeneration(text: string): Figure<number> {
  const match = /^(\d{1,5}(?:\.\d)?)(?: (GT|MT)\/s)?$/.exec(text.trim())
  if (match === null) return 'invalid'
  return generationOf(Number(match[1]) / (match[2] === 'MT' ? 1000 : 1))
}
