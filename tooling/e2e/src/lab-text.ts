import { twoGpuXml } from './two-gpu-xml.ts'

interface Lab {
  /** What rack-01 and rack-02 run. */
  readonly driver: string
  /** How many cards rocm-smi shows on rack-05. */
  readonly radeons: number
}

/** Cards of their own for each host. */
const xmlOf = (host: string, driver: string): string =>
  twoGpuXml()
    .replaceAll('GPU-6f3c1d2e', `GPU-6f3c${host.slice(-2)}ab`)
    .replace(/<driver_version>[^<]*/, `<driver_version>${driver}`)

const csvOf = (host: string): string =>
  `index, name, uuid, pci.bus_id, memory.total [MiB], memory.used [MiB]
0, NVIDIA L40S, GPU-5e2b${host.slice(-2)}cd-0000-4000-8000-000000000001, 00000000:01:00.0, 46068 MiB, 1 MiB`

const rocm = (radeons: number): string =>
  JSON.stringify(
    Object.fromEntries(
      Array.from({ length: radeons }, (_, at) => [
        `card${at}`,
        {
          'Card Series': 'Radeon RX 7900 XTX',
          'PCI Bus': `0000:${at + 3}F:00.0`,
          'VRAM Total Memory (B)': '25753026560',
          'VRAM Total Used Memory (B)': '27926528',
        },
      ]),
    ),
  )

const apple = `${JSON.stringify({ SPDisplaysDataType: [{ sppci_model: 'Apple M2 Ultra', sppci_cores: '76' }] })}
hw.memsize: 206158430208`

const slurm = `NodeName=gpu-s1 CPUTot=64 Gres=gpu:l40s:2(S:0-1) RealMemory=515000
NodeName=gpu-s2 CPUTot=32 Gres=gpu:l4:1 RealMemory=257000`

const kubernetes = JSON.stringify({
  kind: 'Node',
  metadata: {
    name: 'worker-1',
    labels: {
      'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3',
      'nvidia.com/gpu.memory': '81559',
      'nvidia.com/gpu.count': '2',
    },
  },
  status: { capacity: { cpu: '96', memory: '1056331032Ki', 'nvidia.com/gpu': '8' } },
})

/** What ten hosts print, in one paste. */
export const labText = ({ driver, radeons }: Lab): string =>
  [
    ...['rack-01', 'rack-02'].map((host) => `host: ${host}\n${xmlOf(host, driver)}`),
    ...['rack-03', 'rack-04', 'rack-06'].map((host) => `host: ${host}\n${csvOf(host)}`),
    `host: rack-05\n${rocm(radeons)}`,
    `host: studio\n${apple}`,
    slurm,
    kubernetes,
    '',
  ].join('\n\n')

/** Two more, as somebody wrote them into a table of Berth's. */
export const labTable = `machine.name,machine.hostMemoryTotal,device.name,device.backend,device.memory.nominal.bytes
spare-01,128 GiB,NVIDIA GeForce RTX 3090,cuda,24 GiB
spare-01,,NVIDIA GeForce RTX 3090,cuda,24 GiB
spare-02,64 GiB,NVIDIA GeForce RTX 4090,cuda,24 GiB
`

export const labNames: readonly string[] = [
  ...['rack-01', 'rack-02', 'rack-03', 'rack-04', 'rack-05', 'rack-06'],
  ...['studio', 'gpu-s1', 'gpu-s2', 'worker-1', 'spare-01', 'spare-02'],
]
