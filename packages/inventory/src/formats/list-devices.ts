import type { Backend } from '@berth/core'
import { bytes, mebibytes } from '@berth/core'

import { limits } from '../limits.ts'
import type { Notes, Place } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { cardName } from '../text/card-name.ts'
import { endWithGaps } from '../text/lines.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { defined } from './format.ts'

/** ggml device names less their number: `ggml_backend_dev_name` of llama.cpp b10075. */
const backends: Readonly<Record<string, Backend>> = {
  CUDA: 'cuda',
  ROCm: 'rocm',
  HIP: 'rocm',
  Vulkan: 'vulkan',
  MTL: 'metal',
  Metal: 'metal',
  SYCL: 'sycl',
  RPC: 'rpc',
}

/** Accelerators that hold no model: they share the host's memory. */
const noGpus = new Set(['BLAS', 'ACCEL', 'AMX', 'ZDNN', 'CPU'])

interface DevicePlace extends Place {
  readonly notes: Notes
}

/** The backend of a device by its name less the number; undefined for what is no GPU, or none that Berth plans for. */
export function backendOf(family: string, { notes, ...place }: DevicePlace): Backend | undefined {
  if (noGpus.has(family)) return undefined
  const backend = Object.hasOwn(backends, family) ? backends[family] : undefined
  if (backend === undefined) notes.warn('backend-ignored', place)
  return backend
}

const lineCharacters = 1024
const logPrefix = '(?:\\d+\\.\\d+\\.\\d+\\.\\d+ [A-Z] )?'
const logLine = new RegExp(
  `^${logPrefix}(?:ggml_|ggml-|llama_|load_backend|register_|build:|main:|srv |common_|system_info|system info|warning:|get_memory|GGML_|Found \\d+ (?:SYCL|Vulkan|CUDA|ROCm|Metal))`,
)
const heading = new RegExp(`^\\s*${logPrefix}Available devices:\\s*$`)
const anyDevice = /^\s*([A-Za-z][A-Za-z_]*)(\d*)(\[.*\])?: (.*)$/
const sizes = /^(.*) \((\d{1,10}) MiB, (\d{1,10}) MiB free\)\s*$/
const backendDetail = /^\s*(?:Device \d+:|\||\(none\))/

const isDeviceLine = (line: string): boolean => {
  if (line.length > lineCharacters) return false
  const match = anyDevice.exec(line)
  return (
    match !== null && (Object.hasOwn(backends, match[1]!) || noGpus.has(match[1]!) || /MiB free\)\s*$/.test(match[4]!))
  )
}
const isLogLine = (line: string): boolean => line.length <= lineCharacters && logLine.test(line)
const belongs = (line: string): boolean =>
  heading.test(line) || isDeviceLine(line) || isLogLine(line) || backendDetail.test(line.slice(0, lineCharacters))

/** `llama-server --list-devices`, with the log lines that backends write around it. */
export const listDevices: TextFormat = {
  id: 'list-devices',
  rank: 5,
  kind: 'text',
  starts: (lines, at) => {
    const line = lines[at]!
    if (line.length > lineCharacters) return false
    return heading.test(line) || isLogLine(line) || (isDeviceLine(line) && /MiB free\)\s*$/.test(line))
  },
  end: (lines, at) => endWithGaps(lines, at, belongs),
  read: readDevices,
}

function readDevices(section: Section, notes: Notes): SectionReading {
  const details = readDetails(section.lines)
  const devices: DeviceReading[] = []
  section.lines.forEach((line, place) => {
    if (!isDeviceLine(line)) return
    const device = readDevice(line, { line: section.firstLine + place, details, notes })
    if (device !== undefined) devices.push(device)
  })
  if (tooMany(devices.length, { notes, line: section.firstLine, what: 'devices' })) return { devices: [] }
  return { devices: onePerCard(devices, notes), saysNoDevices: section.lines.some((line) => heading.test(line)) }
}

interface DeviceDetails {
  /** CUDA compute capability or gfx target by device name, such as `CUDA0`. */
  readonly architectures: ReadonlyMap<string, string>
  readonly unified: ReadonlySet<string>
}

/** What the backends' log lines add: compute capability, gfx target, whether memory is the host's (`uma`). */
function readDetails(lines: readonly string[]): DeviceDetails {
  const architectures = new Map<string, string>()
  const unified = new Set<string>()
  let family = 'CUDA'
  for (const line of lines) {
    if (line.length > lineCharacters) continue
    family = /found \d+ (CUDA|ROCm) devices/.exec(line)?.[1] ?? family
    const cuda = /^\s*Device (\d+): .*, compute capability (\d+\.\d+)/.exec(line)
    if (cuda !== null) architectures.set(`CUDA${cuda[1]}`, cuda[2]!)
    const amd = /^\s*Device (\d+): .*, (gfx[0-9a-f]+)/.exec(line)
    if (amd !== null) architectures.set(`${family === 'CUDA' ? 'ROCm' : family}${amd[1]}`, amd[2]!)
    const vulkan = /ggml_vulkan: (\d+) = .*\| uma: (\d)/.exec(line)
    if (vulkan?.[2] === '1') unified.add(`Vulkan${vulkan[1]}`)
  }
  return { architectures, unified }
}

function readDevice(
  text: string,
  context: { readonly line: number; readonly details: DeviceDetails; readonly notes: Notes },
): DeviceReading | undefined {
  const { line, details, notes } = context
  const [, family, number, , rest] = anyDevice.exec(text) as unknown as [string, string, string, string, string]
  const backend = backendOf(family, { line, field: `${family}${number}`, detail: text, notes })
  if (backend === undefined) return undefined
  const match = sizes.exec(rest)
  const [total, free] = [Number(match?.[2]), Number(match?.[3])]
  if (match === null || total * 1024 ** 2 > limits.memoryBytes) {
    notes.refuse('value-invalid', { line, field: `${family}${number}`, detail: text })
    return undefined
  }
  const runtime = mebibytes(total)
  return defined({
    line,
    backend,
    name: match[1]!.trim(),
    runtime,
    // Free memory is asked for in a process that has opened the device, so its own context counts as used here.
    used: free <= total ? bytes(runtime - mebibytes(free)) : undefined,
    unified: (backend === 'metal' && match[1]!.startsWith('Apple')) || details.unified.has(`${family}${number}`),
    architecture: details.architectures.get(`${family}${number}`),
  })
}

/** A build with two backends lists each card twice; llama.cpp then uses the first, and Vulkan is never first. */
export function onePerCard(devices: readonly DeviceReading[], notes: Notes): readonly DeviceReading[] {
  const native = devices.filter((device) => device.backend === 'cuda' || device.backend === 'rocm')
  const unclaimed = native.map((device) => cardName(device.name ?? ''))
  return devices.filter((device) => {
    if (device.backend !== 'vulkan' && device.backend !== 'sycl') return true
    const claimed = unclaimed.indexOf(cardName(device.name ?? ''))
    if (claimed === -1) return true
    unclaimed.splice(claimed, 1)
    notes.warn('same-card-twice', { line: device.line, detail: device.name ?? '' })
    return false
  })
}
