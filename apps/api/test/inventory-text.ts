export interface TestGpu {
  readonly uuid?: string
  readonly name?: string
  readonly memoryMib?: number
  readonly usedMib?: number
}

/** What `nvidia-smi --query-gpu=… --format=csv` prints, under a line that names the host if it has a name. */
export function smiCsv(gpus: readonly TestGpu[], hostName?: string): string {
  const rows = gpus.map(({ uuid, name = 'NVIDIA GeForce RTX 3090', memoryMib = 24_576, usedMib = 1 }, index) =>
    [index, name, uuid ?? '[N/A]', `00000000:0${index + 1}:00.0`, `${memoryMib} MiB`, `${usedMib} MiB`].join(', '),
  )
  const heading = 'index, name, uuid, pci.bus_id, memory.total [MiB], memory.used [MiB]'
  return [...(hostName === undefined ? [] : [`host: ${hostName}`]), heading, ...rows, ''].join('\n')
}

export const uuid = (number: number): string => `GPU-7c1e0a52-4be1-4d3a-9f5b-${String(number).padStart(12, '0')}`

/** Two cards of 24 GiB with UUIDs made from the number. */
export const twoGpus = (number: number, hostName?: string): string =>
  smiCsv([{ uuid: uuid(2 * number) }, { uuid: uuid(2 * number + 1) }], hostName)
