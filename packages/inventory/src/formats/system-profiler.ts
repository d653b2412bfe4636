import { isRecord } from '../json/check.ts'
import { lineOfPath } from '../json/path-line.ts'
import { limits } from '../limits.ts'
import { tooMany } from '../notes.ts'
import { accepted, orUnknown, parseMemory, saysUnknown } from '../text/figures.ts'
import type { DeviceReading, HostReading, JsonFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

const key = 'SPDisplaysDataType'
const hardware = 'SPHardwareDataType'

/**
 * `system_profiler SPDisplaysDataType -json`. Apple silicon prints no memory here: what Metal may use of the host's is
 * printed by --list-devices alone, and how much the host has under `SPHardwareDataType` or by sysctl.
 */
export const systemProfiler: JsonFormat = {
  id: 'system-profiler-json',
  rank: 4,
  kind: 'json',
  accepts: (value) => isRecord(value) && [key, hardware].some((type) => Array.isArray(value[type])),
  readJson: (value, section, notes) => {
    const types = value as Readonly<Record<string, unknown>>
    const displays = Array.isArray(types[key]) ? (types[key] as readonly unknown[]) : []
    if (tooMany(displays.length, { notes, line: section.firstLine, what: 'entries' })) return nothingRead
    const devices = displays.map((entry, at): DeviceReading | undefined => {
      if (!isRecord(entry)) return undefined
      const line = section.firstLine + lineOfPath(section.lines, [key, at])
      const name = [entry['sppci_model'], entry['_name']].find((one) => typeof one === 'string' && !saysUnknown(one))
      const cores = entry['sppci_cores']
      const memory = entry['spdisplays_vram'] ?? entry['_spdisplays_vram']
      const place = { line, field: 'spdisplays_vram', detail: String(memory) }
      const size = typeof memory === 'string' ? parseMemory(memory) : undefined
      const reported = accepted(size, () => notes.warn('value-ignored', place))
      return defined({
        line,
        backend: 'metal' as const,
        name: name as string | undefined,
        reported,
        computeUnits: typeof cores === 'string' && /^\d{1,4}$/.test(cores) ? Number(cores) : undefined,
        unified: String(name).startsWith('Apple') || entry['spdisplays_vram_shared'] !== undefined,
      })
    })
    const found = devices.filter((device) => device !== undefined)
    return {
      devices: found,
      host: hostOf(types[hardware]),
      saysNoDevices: Array.isArray(types[key]) && displays.length === 0,
    }
  },
}

/** The overview of the whole: chip, memory, and "proc 24:16:8", all cores and of which kind. Serial numbers stay behind. */
function hostOf(overview: unknown): HostReading {
  const entry: unknown = Array.isArray(overview) ? overview[0] : undefined
  const told = (field: string): string => (isRecord(entry) && typeof entry[field] === 'string' ? entry[field] : '')
  const memory = parseMemory(told('physical_memory'))
  const cores = /^proc (\d{1,4})\b/.exec(told('number_processors'))?.[1]
  return defined({
    os: 'macos' as const,
    memoryTotal: orUnknown(memory),
    cpuName: (told('chip_type') || told('cpu_type')).slice(0, limits.nameCharacters) || undefined,
    cpuCores: cores === undefined ? undefined : Number(cores),
  })
}
