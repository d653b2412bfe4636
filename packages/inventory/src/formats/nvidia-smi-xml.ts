import { XMLParser, XMLValidator } from 'fast-xml-parser'

import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import { comparePci, orUnknown, parseNumber } from '../text/figures.ts'
import type { DeviceReading, Section, SectionReading, TextFormat } from './format.ts'
import { nothingRead } from './format.ts'
import type { SmiNode, SmiPlaces } from './smi-tree.ts'
import { child, driverOf, readSmiGpu } from './smi-tree.ts'

/** Tag names of the DTDs v9 (driver 384) to v13 (driver 595); the older name comes last. */
const places: SmiPlaces = {
  name: ['product_name'],
  uuid: ['uuid'],
  // The attribute is there even when the driver lost the card.
  busId: ['pci/pci_bus_id', '@id'],
  memory: ['fb_memory_usage'],
  sliceMemory: ['fb_memory_usage'],
  // `display_mode`, and `display_attached` after it, say yes of cards without any connector (H100, L40S); what is asked
  // here is whether a display takes memory, which `display_active` tells.
  displayAttached: ['display_active', 'display_attached'],
  ecc: ['ecc_mode/current_ecc'],
  mig: ['mig_mode/current_mig'],
  generation: [
    'pci/pci_gpu_link_info/pcie_gen/current_link_gen',
    'pci/pci_gpu_link_info/pcie_gen/device_current_link_gen',
  ],
  generationMax: ['pci/pci_gpu_link_info/pcie_gen/max_link_gen', 'pci/pci_gpu_link_info/pcie_gen/max_device_link_gen'],
  width: ['pci/pci_gpu_link_info/link_widths/current_link_width'],
  widthMax: ['pci/pci_gpu_link_info/link_widths/max_link_width'],
  powerLimit: [
    'gpu_power_readings/current_power_limit',
    'gpu_power_readings/enforced_power_limit',
    'power_readings/enforced_power_limit',
    'power_readings/power_limit',
    'power_readings/current_power_limit',
  ],
  powerDefault: ['gpu_power_readings/default_power_limit', 'power_readings/default_power_limit'],
}

const rootTag = /<nvidia_smi_log[\s>]/
const rootEnd = '</nvidia_smi_log>'

/** `nvidia-smi -q -x`. The DTD is only named, never read: entities and an embedded DTD are refused. */
export const nvidiaSmiXml: TextFormat = {
  id: 'nvidia-smi-xml',
  rank: 0,
  kind: 'text',
  starts: (lines, at) => {
    const line = lines[at]!.trimStart()
    if (/^<(?:nvidia_smi_log[\s>]|!DOCTYPE\s+nvidia_smi_log\b)/.test(line)) return true
    if (!line.startsWith('<?xml')) return false
    const head = lines
      .slice(at, at + 6)
      .join('\n')
      .slice(0, 4000)
    return rootTag.test(head) || /<!DOCTYPE\s+nvidia_smi_log\b/.test(head)
  },
  end: (lines, at) => {
    for (let line = at; line < lines.length; line += 1) if (lines[line]!.includes(rootEnd)) return line + 1
    return lines.length
  },
  read: readXml,
}

function readXml(section: Section, notes: Notes): SectionReading {
  const text = section.lines.join('\n')
  const root = parseTree(text, section, notes)
  if (root === undefined) return nothingRead
  const gpus = root.children.filter((candidate) => candidate.tag === 'gpu')
  const line = gpus[limits.devicesPerMachine]?.line ?? section.firstLine
  if (tooMany(gpus.length, { notes, line, field: 'gpu', what: 'GPUs' })) return nothingRead
  const devices = gpus.map((node) => readSmiGpu({ node, places }, notes))
  return {
    devices: numberGpus(devices, attachedGpus(root), notes),
    host: driverOf(root, gpus),
    saysNoDevices: attachedGpus(root) === 0,
  }
}

function attachedGpus(root: SmiNode): number | undefined {
  const attached = parseNumber(child(root, 'attached_gpus')?.text ?? '')
  return orUnknown(attached)
}

/** nvidia-smi numbers GPUs by PCI bus. The number is known only when every attached GPU is shown (`-i` shows one). */
export function numberGpus(
  devices: readonly DeviceReading[],
  attached: number | undefined,
  notes: Notes,
): readonly DeviceReading[] {
  const shown = devices.length
  if (attached !== undefined && attached !== shown) {
    const detail = `${attached} GPUs attached, ${shown} shown`
    notes.warn('gpus-not-shown', { line: devices[0]?.line ?? 1, field: 'attached_gpus', detail })
    return devices
  }
  const inOrder = devices.every((device) => device.pciBusId !== undefined)
    ? devices.toSorted((a, b) => comparePci(a.pciBusId!, b.pciBusId!))
    : devices
  return inOrder.map((device, smiIndex) => ({ ...device, smiIndex }))
}

function parseTree(text: string, section: Section, notes: Notes): SmiNode | undefined {
  const refusal = refuseMarkup(text)
  if (refusal !== undefined) {
    const line = section.firstLine + lineOf(text, refusal.at)
    notes.refuse('dtd-refused', { line, detail: refusal.detail })
    return undefined
  }
  if (!text.includes(rootEnd)) {
    const line = section.firstLine + section.lines.length - 1
    notes.refuse('truncated', { line, field: 'nvidia_smi_log', detail: `${rootEnd} is missing` })
    return undefined
  }
  try {
    const validity = XMLValidator.validate(text)
    if (validity !== true) {
      const { msg, line } = validity.err
      notes.refuse('malformed', { line: section.firstLine + Math.max(0, (line ?? 1) - 1), detail: msg })
      return undefined
    }
    return toTree(text, section.firstLine)
  } catch (error) {
    // The parser throws on what its validator let pass, such as tags nested beyond the limit.
    notes.refuse('malformed', {
      line: section.firstLine,
      detail: error instanceof Error ? error.message : String(error),
    })
    return undefined
  }
}

/** `--dtd` embeds a DTD, and only a DTD can declare entities. */
function refuseMarkup(text: string): { readonly at: number; readonly detail: string } | undefined {
  const entity = text.search(/<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)/i)
  if (entity !== -1) return { at: entity, detail: text.slice(entity, entity + 80) }
  const doctype = /<!DOCTYPE[^>[]{0,400}(.)?/is.exec(text)
  return doctype !== null && doctype[1] !== '>' ? { at: doctype.index, detail: doctype[0] } : undefined
}

const lineOf = (text: string, at: number): number => text.slice(0, at).split('\n').length - 1

type OrderedNode = Readonly<Record<string | symbol, unknown>>

function toTree(text: string, firstLine: number): SmiNode | undefined {
  const parser = new XMLParser({
    processEntities: false,
    htmlEntities: false,
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    preserveOrder: true,
    trimValues: true,
    captureMetaData: true,
    maxNestedTags: limits.nesting,
  })
  const lineAt = lineCounter(text, firstLine)
  const nodes = (parser.parse(text) as readonly OrderedNode[]).map((node) => toNode(node, firstLine, lineAt))
  return nodes.find((node) => node.tag === 'nvidia_smi_log')
}

function toNode(node: OrderedNode, parentLine: number, lineAt: (offset: number) => number): SmiNode {
  const tag = Object.keys(node).find((key) => key !== ':@') ?? ''
  const content = node[tag]
  if (tag === '#text') return { tag, text: String(content), line: parentLine, children: [] }
  const meta = node[XMLParser.getMetaDataSymbol() as unknown as symbol] as { readonly startIndex?: number } | undefined
  const line = meta?.startIndex === undefined ? parentLine : lineAt(meta.startIndex)
  const inner = Array.isArray(content) ? (content as readonly OrderedNode[]) : []
  const children = inner.map((part) => toNode(part, line, lineAt))
  const texts = children.filter((part) => part.tag === '#text').map((part) => part.text)
  const attributes = Object.entries((node[':@'] ?? {}) as Readonly<Record<string, unknown>>).map(
    ([name, value]): SmiNode => ({ tag: name, text: String(value), line, children: [] }),
  )
  const tags = children.filter((part) => part.tag !== '#text')
  return { tag, text: texts.join(' ').trim(), line, children: [...attributes, ...tags] }
}

/** Line of an offset, for offsets asked in rising order: one pass over the text in all. */
function lineCounter(text: string, firstLine: number): (offset: number) => number {
  let [at, line] = [0, firstLine]
  return (offset) => {
    for (; at < offset; at += 1) if (text[at] === '\n') line += 1
    return line
  }
}
