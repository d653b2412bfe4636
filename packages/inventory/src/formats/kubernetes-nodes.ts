import type { Bytes } from '@berth/core'
import { bytes, operatingSystems } from '@berth/core'

import { isRecord } from '../json/check.ts'
import type { JsonPath } from '../json/path-line.ts'
import { writePath } from '../json/path-line.ts'
import type { JsonFields } from '../json/read-field.ts'
import { fieldsOf, lineOf } from '../json/read-field.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import { tooMany } from '../notes.ts'
import type { JsonFormat, SectionReading } from './format.ts'
import { defined, nothingRead } from './format.ts'
import { readGpus } from './kubernetes-cards.ts'

const isNode = (value: unknown): value is JsonFields => isRecord(value) && value['kind'] === 'Node'
const isList = (value: unknown): value is { readonly items: readonly unknown[] } =>
  isRecord(value) && Array.isArray(value['items']) && value['items'].length > 0 && value['items'].every(isNode)

/** `kubectl get nodes -o json`: GPUs as GPU feature discovery labels them, one product a node. */
export const kubernetesNodes: JsonFormat = {
  id: 'kubernetes-nodes',
  rank: 8,
  kind: 'json',
  accepts: (value) => isNode(value) || isList(value),
  readJson: (value, section, notes) => {
    return readNodes(value, {
      line: section.firstLine,
      lineOf: (path) => lineOf({ path, section, notes }),
      notes,
    })
  },
}

export interface NodesPlace {
  readonly line: number
  readonly lineOf: (path: JsonPath) => number
  readonly notes: Notes
}

/** One node, or a list of them, whichever way it was written down. */
export function readNodes(value: unknown, place: NodesPlace): SectionReading {
  const items = isRecord(value) && Array.isArray(value['items']) ? (value['items'] as readonly unknown[]) : undefined
  const nodes = items ?? [value]
  if (tooMany(nodes.length, { notes: place.notes, line: place.line, what: 'nodes', limit: limits.machines }))
    return nothingRead
  const hosts = nodes.map((node, index) => readNode(fieldsOf(node), items === undefined ? [] : ['items', index], place))
  return { ...nothingRead, hosts: hosts.filter((host) => host !== undefined) }
}

function readNode(
  node: JsonFields,
  path: JsonPath,
  { lineOf, notes }: NodesPlace,
): { readonly hostName: string; readonly reading: SectionReading } | undefined {
  const [metadata, status] = [fieldsOf(node['metadata']), fieldsOf(node['status'])]
  const capacity = fieldsOf(status['capacity'])
  const name = metadata['name'] ?? addressOf(status)
  const line = lineOf(path)
  if (typeof name !== 'string' || name === '' || name.length > limits.hostNameCharacters) {
    notes.refuse('field-missing', { line, field: writePath([...path, 'metadata', 'name']), detail: 'name' })
    return undefined
  }
  const cores = Number(capacity['cpu'])
  const labels = fieldsOf(metadata['labels'])
  const devices = readGpus(labels, capacity, { line, notes })
  const system = fieldsOf(status['nodeInfo'])['operatingSystem']
  const host = defined({
    os: operatingSystems.find((os) => os === system),
    memoryTotal: parseQuantity(capacity['memory']),
    cpuCores: Number.isSafeInteger(cores) && cores > 0 ? cores : undefined,
    driverVersion: driverOf(labels),
  })
  return { hostName: name, reading: { devices, host, saysNoDevices: true } }
}

/** The name of a node of which only the status was copied. */
function addressOf(status: JsonFields): unknown {
  const addresses = Array.isArray(status['addresses']) ? status['addresses'].map(fieldsOf) : []
  return addresses.find((address) => address['type'] === 'Hostname')?.['address']
}

export function driverOf(labels: JsonFields): string | undefined {
  const label = (name: string) => labels[`nvidia.com/cuda.${name}`]
  const parts = ['driver.major', 'driver.minor', 'driver.rev'].map(label)
  const version = label('driver-version.full') ?? parts.filter((part) => typeof part === 'string').join('.')
  return typeof version === 'string' && /^\d[\d.]{0,31}$/.test(version) ? version : undefined
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
