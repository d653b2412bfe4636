import {
  type Backend,
  cataloguedDeviceFigures,
  type Device,
  type Link,
  type Machine,
  type MemoryFigures,
  type NetworkInterface,
  operatingSystems,
  type PcieSlot,
  peerAccesses,
  type Provenance,
  type ReservedFigure,
  type Standing,
} from '@berth/core'

import { limits } from '../limits.ts'
import type { Check, Field } from './check.ts'
import { count, figure, flag, labels, list, object, oneOf, optional, required, size, text } from './check.ts'

/** A table per type, so that a field added to `Machine` or `Device` is a compile error here until it is checked. */
type FieldsOf<Type> = Record<keyof Type, Field>

const backends = ['cuda', 'rocm', 'vulkan', 'metal', 'sycl', 'rpc'] as const satisfies readonly Backend[]
const provenances = ['measured', 'catalogue', 'typed'] as const satisfies readonly Provenance[]

const name = text(limits.nameCharacters)

const measured: Check = object({ bytes: required(size), provenance: required(oneOf(provenances)) })

const memory = {
  nominal: optional(measured),
  reported: optional(measured),
  runtime: optional(measured),
  driverReserved: optional(measured),
  policyReserved: optional(measured),
} satisfies FieldsOf<MemoryFigures>

const pcie = {
  generation: optional(count),
  generationMax: optional(count),
  width: optional(count),
  widthMax: optional(count),
} satisfies FieldsOf<PcieSlot>

const device = {
  id: required(name),
  index: required(count),
  name: required(name),
  backend: required(oneOf(backends)),
  memoryTotal: required(size),
  memory: required(object(memory)),
  memoryUsed: optional(size),
  unified: required(flag),
  uuid: optional(name),
  pciBusId: optional(name),
  architecture: optional(name),
  computeUnits: optional(count),
  memoryBandwidthBytesPerSecond: optional(figure),
  fp16FlopsPerSecond: optional(figure),
  pcie: optional(object(pcie)),
  powerLimitWatts: optional(figure),
  powerDefaultWatts: optional(figure),
  eccEnabled: optional(flag),
  displayAttached: optional(flag),
  migEnabled: optional(flag),
  migParent: optional(name),
  fromCatalogue: optional(list(oneOf(cataloguedDeviceFigures), cataloguedDeviceFigures.length)),
} satisfies FieldsOf<Omit<Device, ReservedFigure>>

const link = {
  from: required(name),
  to: required(name),
  kind: required(name),
  bandwidthBytesPerSecond: optional(figure),
  peerAccess: optional(oneOf(peerAccesses)),
} satisfies FieldsOf<Link>

const networkInterface = {
  name: required(name),
  bitsPerSecond: optional(count),
} satisfies FieldsOf<NetworkInterface>

/** What people say of a machine. */
export const standingFields = {
  site: optional(text(limits.standingCharacters)),
  owner: optional(text(limits.standingCharacters)),
  labels: optional(labels),
} satisfies FieldsOf<Standing>

export const machineFields = {
  id: required(name),
  name: required(name),
  os: optional(oneOf(operatingSystems)),
  hostMemoryTotal: optional(size),
  hostMemoryUsed: optional(size),
  hostMemoryBandwidthBytesPerSecond: optional(figure),
  cpuName: optional(name),
  cpuCores: optional(count),
  driverVersion: optional(name),
  devices: required(list(object(device), limits.devicesPerMachine)),
  links: required(list(object(link), limits.linksPerMachine)),
  networkInterfaces: optional(list(object(networkInterface), limits.networkInterfaces)),
  fromCatalogue: optional(list(oneOf(['hostMemoryBandwidthBytesPerSecond']), 1)),
} satisfies FieldsOf<Omit<Machine, ReservedFigure>>
