import type { Bytes } from '@berth/core'
import { bytes, mebibytes } from '@berth/core'

import { isRecord } from '../json/check.ts'
import type { JsonPath } from '../json/path-line.ts'
import { lineOfPath, writePath } from '../json/path-line.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import type { DeviceReading, JsonFormat, Section, SectionReading } from './format.ts'
import { defined, nothingRead } from './format.ts'

type Fields = Readonly<Record<string, unknown>>

const isNode = (value: unknown): value is Fields => isRecord(value) && value['kind'] === 'Node'
const isList = (value: unknown): value is { readonly items: readonly unknown[] } =>
  isRecord(value) && Array.isArray(value['items']) && value['items'].length > 0 && value['items'].every(isNode)

/** `kubectl get nodes -o json`: GPUs as GPU feature discovery labels them, one product a node. */
export const kubernetesNodes: JsonFormat = {
  id: 'kubernetes-nodes',
  rank: 8,
  kind: 'json',
  accepts: (value) => isNode(value) || isList(value),
  readJson: (value, section, notes) => {
    const items = isList(value) ? value.items : [value]
    if (items.length > limits.machines) {
      notes.refuse('limit-exceeded', {
        line: section.firstLine,
        limit: limits.machines,
        detail: `${items.length} nodes`,
      })
      return nothingRead
    }
    const nodes = items.map((node, place) =>
      readNode(node as Fields, { path: isList(value) ? ['items', place] : [], section, notes }),
    )
    return { devices: [], hosts: nodes.filter((node) => node !== undefined) }
  },
}

interface Place {
  readonly path: JsonPath
  readonly section: Section
  readonly notes: Notes
}

const record = (value: unknown): Fields => (isRecord(value) ? value : {})

function readNode(
  node: Fields,
  place: Place,
): { readonly hostName: string; readonly reading: SectionReading } | undefined {
  const metadata = record(node['metadata'])
  const capacity = record(record(node['status'])['capacity'])
  const name = metadata['name']
  const line = place.section.firstLine + lineOfPath(place.section.lines.join('\n'), place.path)
  if (typeof name !== 'string' || name === '' || name.length > limits.hostNameCharacters) {
    place.notes.refuse('field-missing', { line, field: writePath([...place.path, 'metadata', 'name']), detail: 'name' })
    return undefined
  }
  const cores = Number(capacity['cpu'])
  const devices = readGpus(record(metadata['labels']), capacity, { line, notes: place.notes })
  const host = defined({
    memoryTotal: parseQuantity(capacity['memory']),
    cpuCores: Number.isSafeInteger(cores) && cores > 0 ? cores : undefined,
  })
  return { hostName: name, reading: { devices, host, saysNoDevices: true } }
}

/** A Kubernetes quantity of memory: plain bytes, Ki to Ti, or k to T. */
function parseQuantity(value: unknown): Bytes | undefined {
  const match = /^(\d{1,18})(k|M|G|T|Ki|Mi|Gi|Ti)?$/.exec(String(value))
  if (match === null) return undefined
  const unit = match[2] ?? ''
  const size =
    Number(match[1]) * (unit.endsWith('i') ? 1024 : 1000) ** ('kMGT'.indexOf(unit[0]?.replace('K', 'k') ?? '?') + 1)
  return size <= limits.memoryBytes ? bytes(size) : undefined
}

interface GpuPlace {
  readonly line: number
  readonly notes: Notes
}

/** Time slicing multiplies the capacity, so cards are counted by the label; MIG slices have labels of their own. */
function readGpus(labels: Fields, capacity: Fields, place: GpuPlace): readonly DeviceReading[] {
  const label = (name: string): string | undefined =>
    typeof labels[`nvidia.com/${name}`] === 'string' ? (labels[`nvidia.com/${name}`] as string) : undefined
  const major = label('gpu.compute.major')
  const shared = {
    line: place.line,
    backend: 'cuda' as const,
    architecture: major === undefined ? undefined : `${major}.${label('gpu.compute.minor') ?? '0'}`,
  }
  const sliceNames = Object.keys(labels).map((key) => /^nvidia\.com\/(mig-\d+g\.\d+gb(?:\.me)?)\.count$/.exec(key)?.[1])
  const kinds = ['gpu', ...sliceNames.filter((name) => name !== undefined)]
  const cards = kinds.flatMap((kind) => {
    const memory = Number(label(`${kind}.memory`))
    const product = label(`${kind}.product`)?.replace(/-SHARED$/, '')
    const card = defined({
      ...shared,
      name: product?.slice(0, limits.nameCharacters),
      reported: memory > 0 && memory * 1024 ** 2 <= limits.memoryBytes ? mebibytes(memory) : undefined,
    })
    // With mixed MIG the label counts the cards that are cut too; the capacity counts whole ones.
    const count = kind === 'gpu' && kinds.length > 1 ? capacity['nvidia.com/gpu'] : label(`${kind}.count`)
    return repeat(card, Number(count ?? 0))
  })
  const unlabelled = repeat({ line: place.line, backend: 'cuda' as const }, Number(capacity['nvidia.com/gpu'] ?? 0))
  const amd = repeat({ line: place.line, backend: 'rocm' as const }, Number(capacity['amd.com/gpu'] ?? 0))
  const devices = [...(cards.length > 0 ? cards : unlabelled), ...amd]
  if (devices.length <= limits.devicesPerMachine) return devices
  const detail = `${devices.length} GPUs`
  place.notes.refuse('limit-exceeded', { line: place.line, limit: limits.devicesPerMachine, detail })
  return []
}

const repeat = (card: DeviceReading, count: number): readonly DeviceReading[] =>
  Number.isSafeInteger(count) && count > 0
    ? Array.from({ length: Math.min(count, limits.devicesPerMachine + 1) }, () => card)
    : []
