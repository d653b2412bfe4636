import { limits } from '../limits.ts'
import { parseUuid } from '../text/figures.ts'
import type { DeviceReading, SliceReading, TextFormat } from './format.ts'
import { defined } from './format.ts'

export interface GpuLine {
  readonly index: number
  readonly name: string
  readonly uuid?: string
}

/** `GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-…)`, which -L and nvlink -s both print. */
export function readGpuLine(text: string): GpuLine | undefined {
  if (text.length > 512) return undefined
  const match = /^\s*GPU (\d{1,4}): (.+?) \(UUID: ([^)]*)\)\s*$/.exec(text)
  if (match === null) return undefined
  const uuid = parseUuid(match[3]!)
  return defined({ index: Number(match[1]), name: match[2]!, uuid: uuid === 'invalid' ? undefined : uuid })
}

function readSliceLine(text: string, line: number): SliceReading | undefined {
  if (text.length > 512) return undefined
  const match = /^\s*MIG (\S+)\s+Device\s+(\d{1,3}): \(UUID: ([^)]*)\)\s*$/.exec(text)
  if (match === null) return undefined
  const uuid = parseUuid(match[3]!)
  return defined({ line, index: Number(match[2]), profile: match[1]!, uuid: uuid === 'invalid' ? undefined : uuid })
}

/** `nvidia-smi -L`: full names, UUIDs, and the only place where MIG slices show theirs. */
export const nvidiaSmiList: TextFormat = {
  id: 'nvidia-smi-list',
  rank: 3,
  kind: 'text',
  starts: (lines, at) => readGpuLine(lines[at]!) !== undefined,
  end: (lines, at) => {
    let end = at + 1
    while (end < lines.length && (readGpuLine(lines[end]!) ?? readSliceLine(lines[end]!, 0)) !== undefined) end += 1
    return end
  },
  read: (section, notes) => {
    const devices: DeviceReading[] = []
    section.lines.forEach((text, place) => {
      const line = section.firstLine + place
      const gpu = readGpuLine(text)
      if (gpu !== undefined) {
        devices.push(defined({ line, backend: 'cuda' as const, name: gpu.name, uuid: gpu.uuid, smiIndex: gpu.index }))
        return
      }
      const slice = readSliceLine(text, line)
      const parent = devices.at(-1)
      if (slice === undefined || parent === undefined) return
      devices[devices.length - 1] = { ...parent, migEnabled: true, slices: [...(parent.slices ?? []), slice] }
    })
    if (devices.length > limits.devicesPerMachine) {
      const detail = `${devices.length} GPUs`
      notes.refuse('limit-exceeded', { line: section.firstLine, limit: limits.devicesPerMachine, detail })
    }
    return { devices }
  },
}
