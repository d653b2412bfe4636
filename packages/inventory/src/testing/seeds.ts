import { writeMachines } from '../formats/berth-json.ts'
import { fixture, machineOf } from './read.ts'

const csv = `index, name, uuid, pci.bus_id, memory.total [MiB], memory.used [MiB], compute_cap
0, NVIDIA GeForce RTX 3090, GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e301, 00000000:01:00.0, 24576 MiB, 412 MiB, 8.6
1, NVIDIA GeForce RTX 3090, GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e302, 00000000:21:00.0, 24576 MiB, 1 MiB, 8.6
`
const list = `ggml_cuda_init: found 2 CUDA devices (Total VRAM: 48248 MiB):
  Device 0: NVIDIA GeForce RTX 3090, compute capability 8.6, VMM: yes, VRAM: 24124 MiB
Available devices:
  CUDA0: NVIDIA GeForce RTX 3090 (24124 MiB, 23000 MiB free)
  CUDA1: NVIDIA GeForce RTX 3090 (24124 MiB, 23900 MiB free)
  RPC0[10.0.0.7:50052]: 10.0.0.7:50052 (81043 MiB, 80000 MiB free)
  BLAS: Accelerate (0 MiB, 0 MiB free)
`
const topo = `\t\u001b[4mGPU0\tGPU1\tNIC0\tCPU Affinity\tNUMA Affinity\u001b[0m
GPU0\t X \tNV4\tPIX\t0-31\tN/A
GPU1\tNV4\t X \tSYS\t0-31\tN/A
NIC0\tPIX\tSYS\t X \t\t

Legend:

  X    = Self
  NV#  = Connection traversing a bonded set of # NVLinks
`
const nvlink = `GPU 0: NVIDIA GeForce RTX 3090 (UUID: GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e301)
\t Link 0: 14.062 GB/s
\t Link 1: 14.062 GB/s
GPU 1: NVIDIA GeForce RTX 3090 (UUID: GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e302)
\t Link 0: 14.062 GB/s
\t Link 1: <inactive>
`
const gpus = `GPU 0: NVIDIA A100-PCIE-40GB (UUID: GPU-5d1f30c7-90ab-4c12-b7b0-2f0e6f3c5a10)
  MIG 3g.20gb     Device  0: (UUID: MIG-5a0c2f10-6b1e-5b5e-8f0a-000000000001)
  MIG 1g.10gb     Device  1: (UUID: MIG-5a0c2f10-6b1e-5b5e-8f0a-000000000002)
`

const rocm = `{
    "card0": {"Card series": "Radeon RX 7900 XTX", "Unique ID": "0xa1b2c3d4e5f60718", "PCI Bus": "0000:2F:00.0",
        "VRAM Total Memory (B)": "25753026560", "VRAM Total Used Memory (B)": "27926528", "GFX Version": "gfx1100"},
    "system": {"Driver version": "6.8.5"}
}
`
const amd = `[
  {"gpu": 0, "asic": {"market_name": "AMD Instinct MI300X", "target_graphics_version": "gfx942"},
   "bus": {"bdf": "0000:05:00.0"}, "vram": {"size": {"value": 196592, "unit": "MB"}}}
]
`
const slurm = `NodeName=gpu-a01 Arch=x86_64
   CPUTot=64 Gres=gpu:a100:2(S:0-1),gpu:mi210:1
   RealMemory=515000
`
const nodes = `{"kind": "List", "items": [
  {"kind": "Node", "metadata": {"name": "worker-1", "labels": {"nvidia.com/gpu.product": "NVIDIA-L4",
   "nvidia.com/gpu.memory": "23034", "nvidia.com/gpu.count": "2"}}, "status": {"capacity": {"memory": "527951752Ki"}}}
]}
`
const host = `# lab-03
Architecture:            x86_64
CPU(s):                  32
Model name:              AMD EPYC 7313P

MemTotal:       131890432 kB
MemAvailable:   118000000 kB
`

const xml = ['smi-v9-two-1080-ti.xml', 'smi-v11-mig.xml', 'smi-v12-two-3090.xml', 'smi-odd.xml'].map(fixture)

/** One output of every format, for tests that change them. */
export const seeds: readonly string[] = [
  ...xml,
  fixture('smi-text.txt'),
  fixture('smi-table.txt'),
  csv,
  list,
  topo,
  nvlink,
  gpus,
  rocm,
  amd,
  slurm,
  nodes,
  host,
  writeMachines([machineOf(`host: lab-01\n${xml[2]!}\n${topo}`)]),
]
