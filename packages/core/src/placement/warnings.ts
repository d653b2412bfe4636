import type { Machine } from '../machine/machine.ts'
import { type MachineWarning, machineWarnings } from '../machine/warnings.ts'
import { splitModeOf } from './layout.ts'
import { needsHost } from './rank.ts'
import type { Placement } from './verdict.ts'

/** Of the machine's warnings those that this placement is slower for. */
export function placementWarnings(placement: Placement, machine: Machine): readonly MachineWarning[] {
  const { split } = placement
  const used = new Set(split.devices.filter(({ layers }) => layers > 0).map(({ device }) => device))
  const matters = relevance(placement)
  const warnings = machineWarnings({
    ...machine,
    devices: machine.devices.filter(({ id }) => used.has(id)),
    links: machine.links.filter(({ from, to }) => used.has(from) && used.has(to)),
  })
  return warnings.filter(({ code }) => matters[code])
}

function relevance(placement: Placement): Readonly<Record<MachineWarning['code'], boolean>> {
  const sideBySide = splitModeOf(placement.split) === 'tensor'
  return {
    // A model that lies whole on one GPU crosses its slot once, while it is loaded.
    'slot-narrower': placement.split.devices.length > 1 || needsHost(placement),
    'power-capped': true,
    // Counted as memory in use.
    'display-attached': false,
    // llama.cpp copies from layer to layer through host memory wherever the GPUs are.
    'peer-access-off': sideBySide,
    'far-path': sideBySide,
    'network-slow': true,
    'network-unknown': true,
  }
}
