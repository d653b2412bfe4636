import { tooMany } from '../notes.ts'
import { orUnknown, parseUuid } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import type { DeviceReading, SliceReading, TextFormat } from './format.ts'
import { defined } from './format.ts'

export interface GpuLine {
  readonly index: number
  readonly name: string
  readonly uuid?: string
}

const identity = '\\(UUID: ([^)]*)(\\)?)\\s*$'
const gpuLine = new RegExp(`^\\s*GPU (\\d{1,4}): (.+?) ${identity}`)
const sliceLine = new RegExp(`^\\s*MIG (\\S+)\\s+Device\\s+(\\d{1,3}): ${identity}`)

/** The UUID; a line that lost its end may have lost a part of that too. */
const uuidOf = (text: string, closed: string | undefined): string | undefined =>
  closed !== ')' && !/^(?:GPU|MIG)-[0-9a-f-]{36}$/i.test(text) ? undefined : orUnknown(parseUuid(text))

/** `GPU 0: NVIDIA A100-SXM4-80GB (UUID: GPU-…)`, which -L and nvlink -s both print. */
export function readGpuLine(text: string): GpuLine | undefined {
  const match = text.length > 512 ? null : gpuLine.exec(text)
  if (match === null) return undefined
  return defined({ index: Number(match[1]), name: match[2]!, uuid: uuidOf(match[3]!, match[4]) })
}

function readSliceLine(text: string, line: number): SliceReading | undefined {
  const match = text.length > 512 ? null : sliceLine.exec(text)
  if (match === null) return undefined
  return defined({ line, index: Number(match[2]), profile: match[1]!, uuid: uuidOf(match[3]!, match[4]) })
}

/** `nvidia-smi -L`: full names, UUIDs, and the only place where MIG slices show theirs. */
export const nvidiaSmiList: TextFormat = {
  id: 'nvidia-smi-list',
  rank: 3,
  kind: 'text',
  starts: (lines, at) => readGpuLine(lines[at]!) !== undefined,
  end: (lines, at) => endWhile(lines, at, (line) => (readGpuLine(line) ?? readSliceLine(line, 0)) !== undefined),
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
    tooMany(devices.length, { notes, line: section.firstLine, what: 'GPUs' })
    return { devices }
  },
}
