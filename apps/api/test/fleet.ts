/** A table of machines as a person types it: name, site, owner, labels, GPU, how many, GiB in use. */
type Row = readonly [
  name: string,
  site: string,
  owner: string,
  labels: string,
  gpu: string,
  count: number,
  usedGib?: number,
]

const sizesGib: Readonly<Record<string, number>> = {
  'NVIDIA GeForce RTX 3090': 24,
  'NVIDIA A100-SXM4-80GB': 80,
  'AMD Instinct MI300X': 192,
}

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

/** Berth's own CSV of them, each card with a UUID of its own. */
export function fleetCsv(rows: readonly Row[]): string {
  const lines = rows.flatMap(([name, site, owner, labels, gpu, count, used]) => {
    const machine = [name, site, owner, `"${labels}"`, '128 GiB']
    const backend = gpu.startsWith('AMD') ? 'rocm' : 'cuda'
    const size = `${sizesGib[gpu] ?? 8} GiB`
    const provenance = used === undefined ? 'typed' : 'measured'
    return Array.from({ length: Math.max(1, count) }, (_, at) => [
      ...machine,
      ...(count === 0
        ? ['', '', '', '', '', '']
        : [gpu, backend, `GPU-${name}-${at}`, size, provenance, used === undefined ? '' : `${used} GiB`]),
    ])
  })
  return `${[head, ...lines].map((cells) => cells.join(',')).join('\n')}\n`
}

const RTX = 'NVIDIA GeForce RTX 3090'

/** Six machines on two sites, one of them never measured, one without a GPU. */
export const smallFleet: readonly Row[] = [
  ['lab-1', 'Berlin', 'vision', 'rack=a;tier=gold', RTX, 2, 1],
  ['lab-2', 'Berlin', 'speech', 'rack=a', RTX, 4, 20],
  ['lab-10', 'Berlin', '', 'rack=b;tier=gold', 'NVIDIA A100-SXM4-80GB', 8, 70],
  ['ham-1', 'Hamburg', 'vision', 'true', 'AMD Instinct MI300X', 8, 2],
  ['ham-2', 'Hamburg', '', '', 'AMD Instinct MI300X', 8],
  ['cpu-1', '', '', '', '', 0],
]
