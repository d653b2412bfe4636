import { isRecord } from '../json/check.ts'
import { lineOfPath } from '../json/path-line.ts'
import { limits } from '../limits.ts'
import { parseMemory, saysUnknown } from '../text/figures.ts'
import type { DeviceReading, JsonFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

const key = 'SPDisplaysDataType'

/**
 * `system_profiler SPDisplaysDataType -json`. Apple silicon prints no memory here: what Metal may use of the host's is
 * printed by --list-devices alone.
 */
export const systemProfiler: JsonFormat = {
  id: 'system-profiler-json',
  rank: 4,
  kind: 'json',
  accepts: (value) => isRecord(value) && Array.isArray(value[key]),
  readJson: (value, section, notes) => {
    const displays = (value as { readonly [key]: readonly unknown[] })[key]
    if (displays.length > limits.devicesPerMachine) {
      const detail = `${displays.length} entries`
      notes.refuse('limit-exceeded', { line: section.firstLine, limit: limits.devicesPerMachine, detail })
      return nothingRead
    }
    const devices = displays.map((entry, place): DeviceReading | undefined => {
      if (!isRecord(entry)) return undefined
      const line = section.firstLine + lineOfPath(section.lines, [key, place])
      const name = [entry['sppci_model'], entry['_name']].find((one) => typeof one === 'string' && !saysUnknown(one))
      const memory = entry['spdisplays_vram'] ?? entry['_spdisplays_vram']
      const reported = typeof memory === 'string' ? parseMemory(memory) : undefined
      if (reported === 'invalid')
        notes.warn('value-ignored', { line, field: 'spdisplays_vram', detail: String(memory) })
      return defined({
        line,
        backend: 'metal' as const,
        name: name as string | undefined,
        reported: reported === 'invalid' ? undefined : reported,
        unified: String(name).startsWith('Apple') || entry['spdisplays_vram_shared'] !== undefined,
      })
    })
    const found = devices.filter((device) => device !== undefined)
    return { devices: found, host: { os: 'macos' }, saysNoDevices: displays.length === 0 }
  },
}
