import { isRecord, textOf } from '../json/check.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import type { Figure } from '../text/figures.ts'
import { parseMemory, parseNumber, parsePciBusId, saysUnknown } from '../text/figures.ts'
import { generationOf, parseTarget, sharesHostMemory } from './amd-figures.ts'
import type { DeviceReading, JsonFormat, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { readIndented } from './indented.ts'
import type { SmiNode } from './smi-tree.ts'
import { child } from './smi-tree.ts'

/** JSON as the tree that the text form has: a `{ value, unit }` is one figure with its unit. */
function toTree(tag: string, value: unknown, line: number): SmiNode {
  if (!isRecord(value)) return { tag, text: value === null ? '' : textOf(value), line, children: [] }
  if (Object.hasOwn(value, 'value') && Object.hasOwn(value, 'unit')) {
    return { tag, text: `${textOf(value['value'])} ${textOf(value['unit'])}`, line, children: [] }
  }
  const children = Object.entries(value).map(([key, part]) => toTree(key.toLowerCase(), part, line))
  return { tag, text: '', line, children }
}

/** A bare list up to ROCm 6, under `gpu_data` since. */
function gpuList(value: unknown): readonly unknown[] | undefined {
  const list = isRecord(value) ? value['gpu_data'] : value
  const isGpu = (entry: unknown): boolean =>
    isRecord(entry) &&
    Object.hasOwn(entry, 'gpu') &&
    ['asic', 'bus', 'vram', 'bdf'].some((key) => Object.hasOwn(entry, key))
  return Array.isArray(list) && list.length > 0 && list.every(isGpu) ? list : undefined
}

/** `amd-smi static --json`, in both shapes. */
export const amdSmiJson: JsonFormat = {
  id: 'amd-smi-json',
  rank: 1,
  kind: 'json',
  accepts: (value) => gpuList(value) !== undefined,
  readJson: (value, section, notes) => {
    const gpus = (gpuList(value) ?? []).map((entry) => toTree('gpu', entry, section.firstLine))
    return readGpus(gpus, section.firstLine, notes)
  },
}

const gpuHeading = /^GPU: \d{1,3}\s*$/

/** `amd-smi static` as text. */
export const amdSmiText: TextFormat = {
  id: 'amd-smi-text',
  rank: 1,
  kind: 'text',
  starts: (lines, at) =>
    gpuHeading.test(lines[at]!.slice(0, 64)) && /^\s+[A-Z_]+:/.test((lines[at + 1] ?? '').slice(0, 64)),
  end: (lines, at) => {
    let end = at + 1
    while (end < lines.length && (/^\s|^$/.test(lines[end]!) || gpuHeading.test(lines[end]!.slice(0, 64)))) end += 1
    return end
  },
  read: (section, notes) => {
    const root = readIndented(section.lines, section.firstLine)
    return readGpus(
      root.children.filter((node) => node.tag === 'gpu'),
      section.firstLine,
      notes,
    )
  },
}

function readGpus(gpus: readonly SmiNode[], line: number, notes: Notes): SectionReading {
  if (gpus.length > limits.devicesPerMachine) {
    notes.refuse('limit-exceeded', { line, limit: limits.devicesPerMachine, detail: `${gpus.length} GPUs` })
    return nothingRead
  }
  const driver = gpus
    .map((gpu) => child(gpu, 'driver/version')?.text)
    .find((text) => text !== undefined && !saysUnknown(text))
  return { devices: gpus.map((gpu) => readGpu(gpu, notes)), host: defined({ driverVersion: driver?.slice(0, 64) }) }
}

function readGpu(gpu: SmiNode, notes: Notes): DeviceReading {
  const read = <Value>(path: string, parse: (text: string) => Figure<Value>, major = false): Value | undefined => {
    const found = child(gpu, path)
    const figure = found === undefined ? undefined : parse(found.text)
    if (figure !== 'invalid') return figure
    const place = { line: found!.line, field: path, detail: found!.text }
    if (major) notes.refuse('value-invalid', place)
    else notes.warn('value-ignored', place)
    return undefined
  }
  const architecture = read('asic/target_graphics_version', parseTarget)
  const size = read('vram/size', (text) => parseMemory(text, 'MB'), true)
  const speed = read('bus/max_pcie_speed', parseSpeed)
  const pcie = defined({
    generationMax: speed === undefined ? undefined : generationOf(speed),
    widthMax: read('bus/max_pcie_width', parseNumber),
  })
  return defined({
    line: gpu.line,
    backend: 'rocm' as const,
    name: ['asic/market_name', 'board/product_name'].map((path) => read(path, parseText)).find(Boolean),
    pciBusId: read('bus/bdf', parsePciBusId) ?? read('bdf', parsePciBusId),
    architecture,
    // MI300A reports 0: its memory is the host's, and not told here.
    reported: size === 0 ? undefined : size,
    powerLimitWatts: read('limit/max_power', parseNumber),
    pcie: Object.keys(pcie).length === 0 ? undefined : pcie,
    unified: sharesHostMemory(architecture),
  })
}

const parseText = (text: string): Figure<string> =>
  saysUnknown(text) || text.length > limits.nameCharacters ? undefined : text

function parseSpeed(text: string): Figure<number> {
  if (saysUnknown(text)) return undefined
  const match = /^(\d{1,2}(?:\.\d)?)(?: GT\/s)?$/.exec(text.trim())
  return match === null ? 'invalid' : Number(match[1])
}
