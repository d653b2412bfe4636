import { catalogueGpus, machineFromCatalogue } from '@berth/catalogue'
import { bytes, gibibytes, type Machine, machineId } from '@berth/core'

/** Cards that labs have many of. */
const CARDS = catalogueGpus.filter(({ id }) =>
  /rtx-(2080-ti|3060-12|3090-|4060-ti-16|4070-|4090-24|5090|a6000|4000-ada|6000-ada)|tesla-p40|a100-(pcie-40|sxm4-80)|h100-80|^nvidia-l4-|l40s/.test(
    id,
  ),
)
const COUNTS = [1, 2, 4, 8]
const HOSTS_GIB = [64, 256]

/** So many machines of the same few kinds, and one in `inUse` of them partly held by somebody, each in its own way. */
export function madeLab(count: number, inUse: number): readonly Machine[] {
  const kinds = CARDS.flatMap((gpu) => COUNTS.map((cards) => ({ gpu: gpu.id, count: cards })))
  return Array.from({ length: count }, (_, at): Machine => {
    const kind = kinds[at % kinds.length]!
    const made = machineFromCatalogue({
      id: machineId(`machine-${at}`),
      name: `lab-${String(at).padStart(5, '0')}`,
      hostMemory: gibibytes(HOSTS_GIB[Math.floor(at / kinds.length) % HOSTS_GIB.length]!),
      gpus: [kind],
    })
    if (!made.ok) throw new Error(`${kind.gpu}: ${made.issue.code}`)
    return at % inUse === inUse - 1 ? partlyHeld(made.value, at) : made.value
  })
}

/** From nothing to most of a card, another share on each: no two machines are alike. */
const partlyHeld = (machine: Machine, at: number): Machine => ({
  ...machine,
  devices: machine.devices.map((device, place) => ({
    ...device,
    memoryUsed: bytes(Math.floor(device.memoryTotal * (((at * 7919 + place * 104729) % 1000) / 1250))),
  })),
})
