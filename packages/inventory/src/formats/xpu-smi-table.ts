import { readerOf } from '../field-reader.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { parseMebibytes, parseName, parseNumber, parsePciBusId, parseSwitch, saysUnknown } from '../text/figures.ts'
import { isIntelOnDie } from '../text/gpu-name.ts'
import { endWhile } from '../text/lines.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { usedOf } from './xpu-smi.ts'

const lineCharacters = 512
const title = /^\|\s*Device ID\s*\|\s*Device Information\s*\|\s*$/
const ruler = /^\+[-=+]+\+\s*$/
/** `| 0         | Device Name: Intel(R) Arc(TM) Pro B60 Graphics   |`: the number stands on a device's first line. */
const row = /^\|\s*(\d{1,4})?\s*\|\s*(?:([A-Z][\w .()/-]{1,60}):\s*(.*?))?\s*\|\s*$/

const belongs = (line: string): boolean =>
  line.length <= lineCharacters && (ruler.test(line) || title.test(line) || row.test(line))

/** `xpu-smi discovery` as it is read on a screen; of one device (`-d N`) it has the memory too. */
export const xpuSmiTable: TextFormat = {
  id: 'xpu-smi-table',
  rank: 3,
  kind: 'text',
  starts: (lines, at) => {
    const line = lines[at]!
    if (line.length > lineCharacters) return false
    return title.test(line) || (ruler.test(line) && title.test((lines[at + 1] ?? '').slice(0, lineCharacters)))
  },
  end: (lines, at) => endWhile(lines, at, belongs),
  read: readTable,
}

interface OpenDevice {
  readonly index: number
  readonly line: number
  readonly fields: Map<string, { readonly text: string; readonly line: number }>
}

function readTable(section: Section, notes: Notes): SectionReading {
  const devices: OpenDevice[] = []
  section.lines.forEach((text, place) => {
    const [, index, field, value] = (text.length > lineCharacters ? null : row.exec(text)) ?? []
    const line = section.firstLine + place
    if (index !== undefined) devices.push({ index: Number(index), line, fields: new Map() })
    if (field !== undefined) devices.at(-1)?.fields.set(field, { text: value ?? '', line })
  })
  if (tooMany(devices.length, { notes, line: section.firstLine, what: 'devices' })) return nothingRead
  const physical = devices.filter(({ fields }) => fields.get('Function Type')?.text !== 'virtual')
  const driver = physical
    .map(({ fields }) => fields.get('Driver Version')?.text)
    .find((text) => !saysUnknown(text ?? ''))
  return {
    devices: physical.map((device) => readDevice(device, notes)),
    oneOfSeveral: physical.length === 1,
    host: defined({ driverVersion: driver?.slice(0, 64) }),
  }
}

function readDevice({ index, line, fields }: OpenDevice, notes: Notes): DeviceReading {
  const { need, want } = readerOf((field: string) => {
    const told = fields.get(field)
    return told === undefined ? undefined : { text: told.text, place: () => ({ line: told.line, field }) }
  }, notes)
  const reported = need('Memory Physical Size', parseMebibytes)
  const [name, pciBusId] = [want('Device Name', parseName), want('PCI BDF Address', parsePciBusId)]
  const pcie = defined({
    generationMax: want('PCIe Generation', parseNumber),
    widthMax: want('PCIe Max Link Width', parseNumber),
  })
  return defined({
    line,
    backend: 'sycl' as const,
    smiIndex: index,
    name,
    pciBusId,
    reported: reported === 0 ? undefined : reported,
    used: usedOf(reported, need('Memory Free Size', parseMebibytes)),
    unified: isIntelOnDie(name, pciBusId),
    eccEnabled: want('Memory ECC State', parseSwitch),
    pcie: Object.keys(pcie).length === 0 ? undefined : pcie,
  })
}
