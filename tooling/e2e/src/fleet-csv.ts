/** The racks of a lab: site, team, GPU, GPUs in each machine, GiB of a GPU, and in how many machines. */
const racks = [
  ['Berlin', 'vision', 'NVIDIA GeForce RTX 3090', 2, 24, 18],
  ['Berlin', 'speech', 'NVIDIA A100-SXM4-80GB', 8, 80, 12],
  ['Hamburg', 'vision', 'NVIDIA H100 80GB HBM3', 8, 80, 10],
  ['Hamburg', '', 'AMD Instinct MI300X', 8, 192, 8],
  ['Köln, room 3', 'robots', 'NVIDIA RTX A6000', 4, 48, 14],
] as const

const head = [
  'machine.name',
  'machine.site',
  'machine.owner',
  'machine.labels',
  'machine.hostMemoryTotal',
  'device.name',
  'device.backend',
  'device.uuid',
  'device.memory.reported.bytes',
  'device.memory.reported.provenance',
  'device.memoryUsed',
]

const quoted = (cell: string): string => (cell.includes(',') || cell.includes(';') ? `"${cell}"` : cell)

/** Berth's own CSV of about sixty machines for each time that the racks are there. */
export function fleetCsv(times = 1): string {
  const machines = Array.from({ length: times }, () => racks).flat()
  const lines = machines.flatMap(([site, owner, gpu, count, size, number], rack) =>
    Array.from({ length: number }, (_, at) => `${site.slice(0, 3).toLowerCase()}-r${rack}-${at + 1}`).flatMap(
      (name, at) =>
        Array.from({ length: count }, (__, card) => [
          name,
          site,
          owner,
          `rack=r${rack};tier=${at % 3 === 0 ? 'gold' : 'silver'}`,
          `${size * count * 2} GiB`,
          gpu,
          gpu.startsWith('AMD') ? 'rocm' : 'cuda',
          `GPU-fleet-${rack}-${at}-${card}`,
          `${size} GiB`,
          'measured',
          `${(at * 7 + card) % size} GiB`,
        ]),
    ),
  )
  return `${[head, ...lines].map((cells) => cells.map(quoted).join(',')).join('\n')}\n`
}
