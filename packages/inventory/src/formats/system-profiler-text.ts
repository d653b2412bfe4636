import { limits } from '../limits.ts'
import type { Figure } from '../text/figures.ts'
import { parseMemory, parseName, parseNumber } from '../text/figures.ts'
import type { DeviceReading, HostReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { readIndented } from './indented.ts'
import type { SmiNode } from './smi-tree.ts'
import { child } from './smi-tree.ts'

/** `system_profiler SPHardwareDataType SPDisplaysDataType` without `-json`: labels, indented. */
export const systemProfilerText: TextFormat = {
  id: 'system-profiler-text',
  rank: 5,
  kind: 'text',
  starts: (lines, at) => /^(?:Graphics\/Displays|Hardware):\s*$/.test(lines[at]!.slice(0, 64)),
  end: (lines, at) => {
    let end = at + 1
    while (end < lines.length && /^\s|^$/.test(lines[end]!)) end += 1
    return end
  },
  read: (section, notes) => {
    const root = readIndented(section.lines, section.firstLine)
    const cards = (root.children[0]?.children ?? []).filter((card) => child(card, 'chipset_model') !== undefined)
    if (cards.length > limits.devicesPerMachine) {
      const detail = `${cards.length} cards`
      notes.refuse('limit-exceeded', { line: section.firstLine, limit: limits.devicesPerMachine, detail })
      return nothingRead
    }
    const devices = cards.map((card): DeviceReading => {
      const read = <Value>(tag: string, parse: (text: string) => Figure<Value>): Value | undefined => {
        const found = child(card, tag)
        const figure = found === undefined ? undefined : parse(found.text)
        if (figure !== 'invalid') return figure
        notes.refuse('value-invalid', { line: found!.line, field: tag, detail: found!.text })
        return undefined
      }
      const name = read('chipset_model', parseName)
      return defined({
        line: card.line,
        backend: 'metal' as const,
        name,
        computeUnits: read('total_number_of_cores', parseNumber),
        reported: read('vram_total', parseMemory) ?? read('vram_dynamic_max', parseMemory),
        unified: name?.startsWith('Apple') === true || child(card, 'vram_dynamic_max') !== undefined,
        pcie: slotOf(card),
      })
    })
    const isList = root.children[0]?.tag === 'graphics_displays'
    return { devices, host: hostOf(child(root, 'hardware/hardware_overview')), saysNoDevices: isList }
  },
}

/** "x16": what the card is connected with. */
function slotOf(card: SmiNode): DeviceReading['pcie'] {
  const width = /^x(\d{1,2})$/.exec(child(card, 'pcie_lane_width')?.text ?? '')?.[1]
  return width === undefined ? undefined : { width: Number(width) }
}

/** The overview of the whole; "24 (16 performance and 8 efficiency)" are all cores. */
function hostOf(overview: SmiNode | undefined): HostReading {
  const told = (tag: string): string => (overview === undefined ? '' : (child(overview, tag)?.text ?? ''))
  const memory = parseMemory(told('memory'))
  const cores = /^\d{1,4}\b/.exec(told('total_number_of_cores'))?.[0]
  return defined({
    os: 'macos' as const,
    memoryTotal: memory === 'invalid' ? undefined : memory,
    cpuName: (told('chip') || told('processor_name')).slice(0, limits.nameCharacters) || undefined,
    cpuCores: cores === undefined ? undefined : Number(cores),
  })
}
