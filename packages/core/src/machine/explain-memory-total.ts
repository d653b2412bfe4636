import { type Bytes, bytes, formatBytes } from '../units.ts'
import type { Device, Machine } from './machine.ts'
import { isCutIntoSlices } from './mig.ts'

/** One sentence on how what a plan may use of a device comes of its other figures. */
export function explainMemoryTotal(device: Device, machine: Pick<Machine, 'devices'>): string {
  if (isCutIntoSlices(device, machine)) {
    return 'The card is cut into MIG slices, and plans use those.'
  }
  const { policyReserved } = device.memory
  const less = policyReserved ? `, less the ${formatBytes(policyReserved.bytes)} that your team keeps back` : ''
  return `${sourceOf(device)}${less}.`
}

function sourceOf({ memory, backend, unified, memoryTotal }: Device): string {
  const { nominal, reported, runtime, driverReserved } = memory
  const share =
    driverReserved && driverReserved.bytes > 0 ? `, less the driver’s ${formatBytes(driverReserved.bytes)}` : ''
  const ofReported = reported && bytes(Math.max(0, reported.bytes - (driverReserved?.bytes ?? 0)))
  if (runtime && (ofReported === undefined || runtime.bytes < ofReported)) {
    if (backend === 'metal') return `What Metal lets a process have${sharedOf(nominal?.bytes)}`
    return `What a process sees, ${formatBytes(runtime.bytes)}${than(ofReported, share)}`
  }
  if (reported) return `The reported ${formatBytes(reported.bytes)}${share}`
  if (nominal) return `The nominal ${formatBytes(nominal.bytes)}${share}, for nothing was read`
  const host = unified ? ': it has none of its own, and no tool said how much of the host’s it may use' : ''
  return memoryTotal > 0 ? `${formatBytes(memoryTotal)}, typed as such` : `Nothing, for no tool said what it has${host}`
}

const sharedOf = (nominal: Bytes | undefined): string =>
  nominal === undefined ? '' : ` of the ${formatBytes(nominal)} that it shares with the host`

const than = (ofReported: Bytes | undefined, share: string): string =>
  ofReported === undefined ? '' : `, which is less than what is reported${share && ' without the driver’s share'}`

/** What is peculiar about a device's memory, in plain words; nothing of a plain card. */
export function explainDeviceMemory(device: Device, machine: Pick<Machine, 'devices'>): readonly string[] {
  const { backend, unified, eccEnabled, migParent, memory } = device
  const notes: string[] = []
  if (isCutIntoSlices(device, machine)) notes.push('Cut into MIG slices. Each slice is planned on by itself.')
  if (migParent !== undefined) notes.push('A MIG slice: one process sees one slice, so no model is split over two.')
  if (backend === 'metal' && unified) {
    notes.push(
      'Shares the host’s memory. macOS lets the GPU have a part of it, by default two thirds or three quarters (sysctl iogpu.wired_limit_mb), and plans go by that part.',
    )
  } else if (unified) {
    notes.push('An integrated GPU: what a plan puts on it is taken from the host’s memory, and counted there too.')
  }
  if (eccEnabled) notes.push(eccNote(memory))
  return notes
}

function eccNote({ nominal, reported }: Device['memory']): string {
  if (nominal && reported && reported.bytes < nominal.bytes) {
    const taken = formatBytes(bytes(nominal.bytes - reported.bytes))
    return `ECC is on: the reported total leaves out what it takes, a part of the ${taken} below the nominal size.`
  }
  return 'ECC is on: the reported total leaves out what it takes, if it takes any.'
}
