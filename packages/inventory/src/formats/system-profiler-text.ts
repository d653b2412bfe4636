import { limits } from '../limits.ts'
import { tooMany } from '../notes.ts'
import { orUnknown, parseMemory, parseName, parseNumber } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import type { DeviceReading, HostReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { readIndented } from './indented.ts'
import type { SmiNode } from './smi-tree.ts'
import { child, placesOf } from './smi-tree.ts'

/** `system_profiler SPHardwareDataType SPDisplaysDataType` without `-json`: labels, indented. */
export const systemProfilerText: TextFormat = {
  id: 'system-profiler-text',
  rank: 5,
  kind: 'text',
  starts: (lines, at) => /^(?:Graphics\/Displays|Hardware):\s*$/.test(lines[at]!.slice(0, 64)),
  end: (lines, at) => endWhile(lines, at, (line) => /^\s|^$/.test(line)),
  read: (section, notes) => {
    const root = readIndented(section.lines, section.firstLine)
    const cards = (root.children[0]?.children ?? []).filter((card) => child(card, 'chipset_model') !== undefined)
    if (tooMany(cards.length, { notes, line: section.firstLine, what: 'cards' })) return nothingRead
    const devices = cards.map((card): DeviceReading => {
      const { need, want } = placesOf(card, notes)
      const name = want(['chipset_model'], parseName)
      return defined({
        line: card.line,
        backend: 'metal' as const,
        name,
        computeUnits: want(['total_number_of_cores'], parseNumber),
        reported: need(['vram_total', 'vram_dynamic_max'], parseMemory),
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
    memoryTotal: orUnknown(memory),
    cpuName: (told('chip') || told('processor_name')).slice(0, limits.nameCharacters) || undefined,
    cpuCores: cores === undefined ? undefined : Number(cores),
  })
}
