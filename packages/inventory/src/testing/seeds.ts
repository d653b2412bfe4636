import { writeMachinesCsv } from '../formats/berth-csv.ts'
import { writeMachines } from '../formats/berth-json.ts'
import type { FormatId } from '../issue.ts'
import { amdText, amdMetric, amdMetricText, amdLinks, amdTables, rocmText, rocmCsv } from './amd-texts.ts'
import { interfaces, nvlink, p2p, settings, speeds, topo } from './link-seeds.ts'
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
const listJson = `{"schema_version": 1, "devices": [
  {"index": 0, "backend": "CUDA", "name": "CUDA0", "description": "NVIDIA GeForce RTX 3090", "type": "GPU",
   "device_id": "0000:01:00.0", "memory_total": 25296896000, "memory_free": 24117248000}
]}
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
  {"gpu": 0, "asic": {"market_name": "AMD Instinct MI300X", "num_compute_units": 304, "target_graphics_version": "gfx942"},
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
const hostOutput = `Architecture:            x86_64
CPU(s):                  32
Model name:              AMD EPYC 7313P

MemTotal:       131890432 kB
MemAvailable:   118000000 kB
`
const host = `# lab-03\n${hostOutput}`

const lscpu = `{"lscpu": [{"field": "Architecture:", "data": "x86_64", "children": [
  {"field": "CPU(s):", "data": "32"}]}, {"field": "Model name:", "data": "AMD EPYC 7313P"}]}
`
const memory = `               total        used        free      shared  buff/cache   available
Mem:           125Gi       8.1Gi        90Gi       1.0Gi        27Gi       116Gi
Swap:          8.0Gi          0B       8.0Gi
`

const uuid = 'GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e301'
const xpu = `{"device_list": [{"device_id": 0, "device_name": "Intel(R) Arc(TM) Pro B60 Graphics",
  "pci_bdf_address": "0000:4d:00.0", "memory_physical_size_byte": "25669140480", "memory_free_size_byte": "25000000000"}]}
`
const stats = `{"device_id": 0, "device_level": [
  {"metrics_type": "XPUM_STATS_MEMORY_USED", "value": 512.25}
]}
`
const dump = `Device ID,Device Name,PCI BDF Address,Memory Physical Size
0,"Intel(R) Arc(TM) A770 Graphics","0000:03:00.0","16256.00 MiB"
`
const gpustatJson = `{"hostname": "lab-06", "driver_version": "550.90.07", "gpus": [
  {"index": 0, "uuid": "${uuid}", "name": "NVIDIA L4", "memory.used": 4, "memory.total": 23034}]}
`
const gpustat = `lab-07                Tue Feb  3 10:11:12 2026  550.90.07
[0] NVIDIA L4 | 41'C,   0 % |     4 / 23034 MB | ana(400M)
`
const worker = `{"name": "host-9", "status": {"memory": {"total": 137438953472, "used": 1000}, "gpu_devices": [
  {"name": "NVIDIA L40S", "uuid": "${uuid}", "type": "cuda", "memory": {"total": 48305799168, "used": 512000000}}]}}
`
const apple = `{"SPDisplaysDataType": [
  {"_name": "Apple M2 Ultra", "sppci_model": "Apple M2 Ultra", "spdisplays_vram": "64 GB"}]}
`
const appleText = `Graphics/Displays:

    AMD Radeon Pro W6800X:

      Chipset Model: AMD Radeon Pro W6800X
      PCIe Lane Width: x16
      VRAM (Total): 32 GB
`
const pci = `00:02.0 VGA compatible controller: Intel Corporation RocketLake-S GT1 [UHD Graphics 750] (rev 04)
01:00.0 VGA compatible controller [0300]: NVIDIA Corporation AD102 [GeForce RTX 4090] [10de:2684] (rev a1)
41:00.0 "3D controller [0302]" "NVIDIA Corporation [10de]" "GA102GL [A10] [2236]" -ra1 "" ""
`
const facts = `lab-08 | SUCCESS => {
  "ansible_facts": {"ansible_nodename": "lab-08", "ansible_memtotal_mb": 64215,
    "ansible_memory_mb": {"nocache": {"used": 4215}}}, "changed": false
}
`
const netbox = `{"count": 1, "results": [{"device": {"name": "lab-09"}, "status": {"value": "active"}, "module_type":
  {"manufacturer": {"name": "NVIDIA"}, "model": "L4", "profile": {"name": "GPU"}, "attributes": {"memory": 24}}}]}
`
const modules = `device,module_bay,module_type,status,serial
lab-09,PCIe 1,NVIDIA RTX A6000,active,S1
`
const slurmrestd = `{"nodes": [
  {"name": "gpu-c01", "cpus": 64, "real_memory": {"set": true, "number": 515000}, "gres": "gpu:a100:2(S:0-1)"}]}
`
const gres = `NodeName=gpu[01-02] Name=gpu Type=a40 File=/dev/nvidia[0-3] Cores=0-31
Name=gpu Type=l4 Count=1
`
const yaml = `apiVersion: v1
kind: Node
metadata:
  labels:
    nvidia.com/gpu.count: "2"
    nvidia.com/gpu.memory: "23034"
    nvidia.com/gpu.product: NVIDIA-L4
  name: worker-2
status:
  capacity:
    memory: 527951752Ki
  images:
  - names:
    - registry/image:1
`
const labels = `nvidia.com/gpu.count=2
nvidia.com/gpu.memory=23034
nvidia.com/gpu.product=NVIDIA-L4
`
const metrics = `# TYPE DCGM_FI_DEV_FB_USED gauge
DCGM_FI_DEV_FB_USED{gpu="0",UUID="${uuid}",pci_bus_id="00000000:01:00.0",Hostname="lab-06"} 1024
DCGM_FI_DEV_FB_USED{gpu="1",UUID="${uuid}",GPU_I_PROFILE="1g.10gb",GPU_I_ID="2"} 7 1712000000000
go_threads 8
`
const loaded = `{"models": [
  {"name": "llama:8b", "size": 7000000000, "size_vram": 5000000000, "details": {"families": ["llama"]}}]}
`
const apps = `gpu_uuid, pid, process_name, used_gpu_memory [MiB]
${uuid}, 4242, python3, 512 MiB
`
const xml = ['smi-v9-two-1080-ti.xml', 'smi-v11-mig.xml', 'smi-v12-two-3090.xml', 'smi-odd.xml'].map(fixture)
const written = [machineOf(`host: lab-01\n${xml[2]!}\n${topo}`)]

const nvidia = (host: string, every: object) =>
  JSON.stringify(
    {
      berthCollector: 1,
      hostName: host,
      collectedAt: '2026-03-01T08:00:00Z',
      os: 'linux',
      ...every,
      tools: [
        { command: 'nvidia-smi -q -x', exitCode: 0, output: xml[2]! },
        { command: 'nvidia-smi --query-gpu=index --format=csv', exitCode: 2, error: 'no such field', output: '' },
        { command: 'nvidia-smi topo -m', exitCode: 0, output: topo },
        { command: 'lscpu', exitCode: 0, output: hostOutput },
        { command: 'numactl -H', exitCode: 0, output: 'available: 1 nodes (0)\n' },
      ],
    },
    null,
    1,
  )

/** One output of every format at least, for tests that change them. */
export const seedsOf = {
  'nvidia-smi-xml': xml,
  'nvidia-smi-text': [fixture('smi-text.txt')],
  'nvidia-smi-csv': [csv],
  'nvidia-smi-csv-other': [apps],
  'nvidia-smi-list': [gpus],
  'nvidia-smi-table': [fixture('smi-table.txt')],
  'nvidia-smi-topo': [topo],
  'nvidia-smi-p2p': [p2p],
  'nvidia-smi-nvlink': [nvlink],
  'list-devices': [list],
  'list-devices-json': [listJson],
  'rocm-smi-json': [rocm],
  'rocm-smi-text': [rocmText],
  'rocm-smi-csv': [rocmCsv],
  'amd-smi-json': [amd],
  'amd-smi-text': [amdText],
  'amd-smi-metric-json': [amdMetric],
  'amd-smi-metric-text': [amdMetricText],
  'amd-smi-topology-json': [amdLinks],
  'amd-smi-topology-text': [amdTables],
  'xpu-smi-json': [xpu],
  'xpu-smi-stats': [stats],
  'xpu-smi-table': [
    '+-----------+--------------------+\n| Device ID | Device Information |\n+-----------+--------------------+\n| 0         | Device Name: Intel(R) Arc(TM) Pro B60 Graphics |\n|           | PCI BDF Address: 0000:4d:00.0 |\n|           | Memory Physical Size: 24480.00 MiB |\n+-----------+--------------------+\n',
  ],
  'xpu-smi-csv': [dump],
  'gpustat-json': [gpustatJson],
  'gpustat-text': [gpustat],
  'gpustack-worker': [worker],
  'system-profiler-json': [apple],
  'system-profiler-text': [appleText],
  lspci: [pci],
  'host-facts': [host, 'hw.memsize: 137438953472\niogpu.wired_limit_mb: 114688\n'],
  'lscpu-json': [lscpu],
  free: [memory],
  'network-speeds': [speeds],
  ethtool: [settings],
  'ip-link-json': [interfaces],
  'ansible-facts': [facts],
  'netbox-json': [netbox],
  'netbox-csv': [modules],
  'slurm-nodes': [slurm],
  'slurm-sinfo': [
    'NODELIST    CPUS  MEMORY  GRES\ngpu-b[01-02]  64  515000+  gpu:3090:2(S:0-1)\ncpu-b01  32  128000  (null)\n',
  ],
  'slurm-tres': [
    'Name     Available                                    Used\ngpu-d01  =cpu=20,mem=257573M,billing=20,gres/gpu=2    =cpu=1\n',
  ],
  'slurm-json': [slurmrestd],
  'slurm-gres': [gres],
  'kubernetes-nodes': [nodes],
  'kubernetes-yaml': [yaml],
  'kubernetes-describe': [
    `Name:               worker-3\nRoles:              <none>\nLabels:             ${labels.trim().replaceAll('\n', '\n                    ')}\nCapacity:\n  cpu:             64\n  memory:          527951752Ki\n  nvidia.com/gpu:  8\n`,
  ],
  'kubernetes-labels': [labels],
  'dcgm-metrics': [metrics],
  'ollama-ps': [loaded],
  'berth-collector': [nvidia('lab-10', { everySeconds: 300 }), JSON.stringify([JSON.parse(nvidia('lab-11', {}))])],
  'berth-json': [writeMachines(written)],
  'berth-csv': [writeMachinesCsv(written)],
} satisfies Record<FormatId, readonly string[]>

export const seeds: readonly string[] = Object.values(seedsOf).flat()
