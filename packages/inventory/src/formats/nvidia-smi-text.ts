import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { orUnknown, parseNumber } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import type { Section, SectionReading, TextFormat } from './format.ts'
import { nothingRead } from './format.ts'
import { readIndented } from './indented.ts'
import { numberGpus } from './nvidia-smi-xml.ts'
import type { SmiPlaces } from './smi-tree.ts'
import { child, driverOf, readSmiGpu } from './smi-tree.ts'

/** The labels of `nvidia-smi -q` as tags; what the XML calls otherwise is listed where it differs. */
const places: SmiPlaces = {
  name: ['product_name'],
  uuid: ['gpu_uuid'],
  busId: ['pci/bus_id'],
  memory: ['fb_memory_usage'],
  sliceMemory: ['shared_fb_memory_usage', 'fb_memory_usage'],
  displayAttached: ['display_active', 'display_attached'],
  ecc: ['ecc_mode/current'],
  mig: ['mig_mode/current'],
  generation: ['pci/gpu_link_info/pcie_generation/current', 'pci/gpu_link_info/pcie_generation/device_current'],
  generationMax: ['pci/gpu_link_info/pcie_generation/max', 'pci/gpu_link_info/pcie_generation/device_max'],
  width: ['pci/gpu_link_info/link_width/current'],
  widthMax: ['pci/gpu_link_info/link_width/max'],
  powerLimit: [
    'gpu_power_readings/current_power_limit',
    'gpu_power_readings/enforced_power_limit',
    'power_readings/enforced_power_limit',
    'power_readings/power_limit',
  ],
  powerDefault: ['gpu_power_readings/default_power_limit', 'power_readings/default_power_limit'],
}

const lineCharacters = 4096
const banner = /^\s*=+\s*NVSMI LOG\s*=+\s*$/
const gpuHeading = /^GPU ([0-9A-F]{4,8}:[0-9A-F]{2}:[0-9A-F]{2}\.[0-9A-F])\s*$/i
const topLabel = /^(?:Timestamp|Driver Version|CUDA Version|Attached GPUs)\s*:\s/
/** Drivers add labels, and pad all of them. */
const anyTopLabel = /^[A-Z][\w ]{1,80} :\s/

const belongs = (line: string): boolean =>
  line.trim() === '' || /^\s/.test(line) || gpuHeading.test(line) || topLabel.test(line) || anyTopLabel.test(line)

/** `nvidia-smi --version` has some of the labels too. */
const leadsToGpus = (lines: readonly string[], at: number): boolean =>
  lines.slice(at, at + 8).some((line) => gpuHeading.test(line.slice(0, 100)) || /^Attached GPUs\s*:/.test(line))

/** `nvidia-smi -q`: the same figures as the XML, told apart by indentation. */
export const nvidiaSmiText: TextFormat = {
  id: 'nvidia-smi-text',
  rank: 1,
  kind: 'text',
  starts: (lines, at) => {
    const line = lines[at]!
    if (line.length > lineCharacters) return false
    return banner.test(line) || gpuHeading.test(line) || (topLabel.test(line) && leadsToGpus(lines, at))
  },
  end: (lines, at) => endWhile(lines, at, (line) => belongs(line) && !banner.test(line.slice(0, lineCharacters))),
  read: readText,
}

function readText(section: Section, notes: Notes): SectionReading {
  const root = readIndented(section.lines, section.firstLine)
  const gpus = root.children.filter((node) => gpuHeading.test(node.text))
  if (tooMany(gpus.length, { notes, line: gpus[limits.devicesPerMachine]?.line ?? section.firstLine, what: 'GPUs' }))
    return nothingRead
  const bare = gpus.find((node) => node.children.length === 0)
  if (bare !== undefined) {
    const detail = `nothing is indented below ${bare.text}`
    notes.refuse('malformed', { line: bare.line, detail })
    return nothingRead
  }
  const attached = parseNumber(child(root, 'attached_gpus')?.text ?? '')
  const devices = gpus.map((node) => readSmiGpu({ node, places, headingBusId: gpuHeading.exec(node.text)![1]! }, notes))
  return {
    devices: numberGpus(devices, orUnknown(attached), notes),
    host: driverOf(root, gpus),
    saysNoDevices: attached === 0,
  }
}
