import type { Backend } from '@berth/core'

import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { orUnknown, parsePciBusId } from '../text/figures.ts'
import { isIntelOnDie } from '../text/gpu-name.ts'
import { endWhile } from '../text/lines.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { nothingRead } from './format.ts'

/** pci.ids has names of up to 200 characters, and a line holds six of them. */
const lineCharacters = 2048

const slot = '(?:[0-9a-f]{4,8}:)?[0-9a-f]{2}:[0-9a-f]{2}\\.[0-7]'
/** `06:00.0 3D controller [0302]: NVIDIA Corporation GA102GL [A10] [10de:2236] (rev a1)`, with or without `-nn`. */
const plain = new RegExp(`^(${slot}) ([A-Z0-9][^:"]{1,80}): (.*)$`)
/** `06:00.0 "3D controller [0302]" "NVIDIA Corporation [10de]" "GA102GL [A10] [2236]" -ra1 …` of `-mm`. */
const machine = new RegExp(`^(${slot}) "([^"]*)" "([^"]*)" "([^"]*)"(?: .*)?$`)
/** What `-v` and `-k` say of the device above. */
const detail = /^\s+\S/

/** Classes of PCI base class 03, display controllers. */
const display = /^(?:VGA compatible controller|XGA compatible controller|3D controller|Display controller)\b/

interface PciDevice {
  readonly line: number
  readonly slot: string
  readonly className: string
  /** Vendor and device together, less their ids. */
  readonly name: string
  /** Hexadecimal, where ids were asked for. */
  readonly vendorId?: string
}

function readLine(text: string, line: number): PciDevice | undefined {
  if (text.length > lineCharacters) return undefined
  const quoted = machine.exec(text)
  const open = quoted === null ? plain.exec(text) : null
  if (quoted === null && open === null) return undefined
  const parts = quoted === null ? [open![3]!.replace(/ \((?:rev|prog-if) [^)]*\)/g, '')] : [quoted[3]!, quoted[4]!]
  const ids = parts.map((part) => / ?\[([0-9a-f]{4})(?::[0-9a-f]{4})?\]$/i.exec(part.trim())?.[1]?.toLowerCase())
  const name = parts.map((part) => part.trim().replace(/ ?\[[0-9a-f]{4}(?::[0-9a-f]{4})?\]$/i, '')).join(' ')
  const device = { line, slot: (quoted ?? open)![1]!, className: (quoted ?? open)![2]!, name }
  return ids[0] === undefined ? device : { ...device, vendorId: ids[0] }
}

const isMachineReadable = (text: string): boolean => text.startsWith('Slot:\t')

/** `lspci -vmm` has a field a line: the same device as a line of `-mm`. */
function joinFields(lines: readonly string[], firstLine: number): readonly PciDevice[] {
  const devices: PciDevice[] = []
  let fields = new Map<string, string>()
  let line = firstLine
  const close = () => {
    const [at, name, vendor] = [fields.get('Slot'), fields.get('Class'), fields.get('Vendor')]
    if (at === undefined || name === undefined) return
    const device = readLine(`${at} "${name}" "${vendor ?? ''}" "${fields.get('Device') ?? ''}"`, line)
    if (device !== undefined) devices.push(device)
  }
  lines.forEach((text, place) => {
    const match = /^([A-Z]\w{1,20}):\t(.*)$/.exec(text.slice(0, lineCharacters))
    if (match?.[1] === 'Slot') {
      close()
      fields = new Map()
      line = firstLine + place
    }
    if (match !== null) fields.set(match[1]!, match[2]!)
  })
  close()
  return devices
}

/** `lspci`, with `-nn`, `-mm`, `-vmm` or `-D`: which cards there are, without their memory. */
export const lspci: TextFormat = {
  id: 'lspci',
  rank: 9,
  kind: 'text',
  starts: (lines, at) => isMachineReadable(lines[at]!) || readLine(lines[at]!, 0) !== undefined,
  end: (lines, at) => {
    const belongs = isMachineReadable(lines[at]!)
      ? (line: string) => line.trim() === '' || /^[A-Z]\w{1,20}:\t/.test(line.slice(0, 64))
      : (line: string) => line.trim() === '' || detail.test(line.slice(0, 64)) || readLine(line, 0) !== undefined
    return endWhile(lines, at, belongs)
  },
  read: readPci,
}

function readPci(section: Section, notes: Notes): SectionReading {
  const all = isMachineReadable(section.lines[0]!)
    ? joinFields(section.lines, section.firstLine)
    : section.lines.map((text, place) => readLine(text, section.firstLine + place))
  const devices = all
    .filter((device) => device !== undefined && display.test(device.className))
    .map((device) => readCard(device!, notes))
    .filter((device) => device !== undefined)
  if (tooMany(devices.length, { notes, line: section.firstLine, what: 'cards' })) return nothingRead
  return { devices, saysNoDevices: true }
}

const vendors: readonly { readonly id: string; readonly backend: Backend; readonly name: RegExp }[] = [
  { id: '10de', backend: 'cuda', name: /^NVIDIA\b/i },
  { id: '1002', backend: 'rocm', name: /^(?:Advanced Micro Devices|AMD|ATI)\b/i },
  { id: '8086', backend: 'sycl', name: /^Intel\b/i },
]

/** Virtual and management displays, such as a server's BMC, are no cards to plan on, and neither is Intel's oldest. */
function readCard({ line, slot: place, name, vendorId }: PciDevice, notes: Notes): DeviceReading | undefined {
  const vendor = vendors.find((one) => (vendorId === undefined ? one.name.test(name) : one.id === vendorId))
  if (vendor === undefined) {
    notes.warn('backend-ignored', { line, detail: name })
    return undefined
  }
  const bus = orUnknown(parsePciBusId(place))
  const card = {
    line,
    backend: vendor.backend,
    name: productName(name),
    unified: vendor.backend === 'sycl' && isIntelOnDie(name, bus),
  }
  return bus === undefined ? card : { ...card, pciBusId: bus }
}

/** `GA102GL [A10]` is the chip and, in brackets, the product: "NVIDIA A10", as the driver calls it. */
function productName(name: string): string {
  const product = /\[([^\][]{2,120})\]$/.exec(name)?.[1]
  if (product === undefined) return name.slice(0, limits.nameCharacters)
  const brand = /^NVIDIA\b/i.test(name) ? 'NVIDIA' : /^Intel\b/i.test(name) ? 'Intel' : 'AMD'
  return `${brand} ${product}`
}
