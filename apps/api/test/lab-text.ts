import { uuid } from './inventory-text.ts'

interface Lab {
  /** Of the host that nvidia-smi -q -x is run on. */
  readonly driver: string
  /** How many cards rocm-smi shows. */
  readonly radeons: number
}

const xmlGpu = (number: number): string => `	<gpu id="00000000:0${number}:00.0">
		<product_name>NVIDIA GeForce RTX 3090</product_name>
		<display_active>Disabled</display_active>
		<uuid>${uuid(number)}</uuid>
		<pci>
			<pci_bus_id>00000000:0${number}:00.0</pci_bus_id>
			<pci_gpu_link_info>
				<link_widths><max_link_width>16x</max_link_width><current_link_width>4x</current_link_width></link_widths>
			</pci_gpu_link_info>
		</pci>
		<fb_memory_usage>
			<total>24576 MiB</total>
			<reserved>316 MiB</reserved>
			<used>12 MiB</used>
			<free>24248 MiB</free>
		</fb_memory_usage>
		<gpu_power_readings>
			<current_power_limit>280.00 W</current_power_limit>
			<default_power_limit>350.00 W</default_power_limit>
		</gpu_power_readings>
	</gpu>`

const xml = (driver: string): string => `<?xml version="1.0" ?>
<!DOCTYPE nvidia_smi_log SYSTEM "nvsmi_device_v12.dtd">
<nvidia_smi_log>
	<driver_version>${driver}</driver_version>
	<attached_gpus>2</attached_gpus>
${[1, 2].map(xmlGpu).join('\n')}
</nvidia_smi_log>`

const topology = `	GPU0	GPU1	CPU Affinity	NUMA Affinity
GPU0	 X 	NV4	0-31	N/A
GPU1	NV4	 X 	0-31	N/A`

const csv = `index, name, uuid, pci.bus_id, memory.total [MiB], memory.used [MiB], compute_cap, driver_version
0, NVIDIA L40S, ${uuid(11)}, 00000000:01:00.0, 46068 MiB, 1 MiB, 8.9, 570.86.10
1, NVIDIA L40S, ${uuid(12)}, 00000000:02:00.0, 46068 MiB, 1 MiB, 8.9, 570.86.10`

const long = `==============NVSMI LOG==============

Driver Version                            : 550.90.07
Attached GPUs                             : 1
GPU 00000000:41:00.0
    Product Name                          : NVIDIA RTX A6000
    GPU UUID                              : ${uuid(21)}
    FB Memory Usage
        Total                             : 49140 MiB
        Reserved                          : 598 MiB
        Used                              : 35 MiB
        Free                              : 48507 MiB`

const rocm = (radeons: number): string =>
  JSON.stringify(
    Object.fromEntries(
      Array.from({ length: radeons }, (_, at) => [
        `card${at}`,
        {
          'Card Series': 'Radeon RX 7900 XTX',
          'Unique ID': `0xa1b2c3d4e5f6071${at}`,
          'PCI Bus': `0000:${at + 3}F:00.0`,
          'VRAM Total Memory (B)': '25753026560',
          'VRAM Total Used Memory (B)': '27926528',
          'GFX Version': 'gfx1100',
        },
      ]),
    ),
    null,
    2,
  )

const amd = JSON.stringify({
  gpu_data: [
    {
      gpu: 0,
      asic: { market_name: 'AMD Instinct MI300X', num_compute_units: 304, target_graphics_version: 'gfx942' },
      bus: { bdf: '0000:05:00.0', max_pcie_width: 16, max_pcie_speed: { value: 32, unit: 'GT/s' } },
      limit: { max_power: { value: 750, unit: 'W' }, socket_power: { value: 700, unit: 'W' } },
      vram: { size: { value: 196592, unit: 'MB' } },
    },
  ],
})

const apple = `${JSON.stringify({ SPDisplaysDataType: [{ sppci_model: 'Apple M2 Ultra', sppci_cores: '76' }] })}
hw.memsize: 206158430208`

const intel = JSON.stringify({
  device_list: [
    {
      device_id: 0,
      device_name: 'Intel(R) Arc(TM) Pro B60 Graphics',
      pci_bdf_address: '0000:4d:00.0',
      memory_physical_size_byte: '25669140480',
      memory_free_size_byte: '25000000000',
    },
  ],
})

const slurm = `NodeName=gpu-s1 Arch=x86_64 CPUTot=64 Gres=gpu:nvidia_a100-sxm4-80gb:2(S:0-1) RealMemory=515000
NodeName=gpu-s2 Arch=x86_64 CPUTot=32 Gres=gpu:l4:1 RealMemory=257000`

const kubernetes = JSON.stringify({
  kind: 'Node',
  metadata: {
    name: 'worker-1',
    labels: {
      'nvidia.com/gpu.product': 'NVIDIA-H100-80GB-HBM3',
      'nvidia.com/gpu.memory': '81559',
      'nvidia.com/gpu.count': '2',
      'nvidia.com/gpu.replicas': '4',
    },
  },
  status: { capacity: { cpu: '96', memory: '1056331032Ki', 'nvidia.com/gpu': '8' } },
})

/** What eleven hosts of a lab print, in one paste: a different tool each, two of them listed by Slurm. */
export const labText = ({ driver, radeons }: Lab): string =>
  [
    `host: rack-01\n${xml(driver)}\n${topology}`,
    `host: rack-02\n${csv}`,
    `host: rack-03\n${long}`,
    `host: rack-04\nGPU 0: NVIDIA GeForce RTX 4090 (UUID: ${uuid(31)})\nAvailable devices:\n  CUDA0: NVIDIA GeForce RTX 4090 (24080 MiB, 23680 MiB free)`,
    `host: rack-05\n${rocm(radeons)}`,
    `host: rack-06\n${amd}`,
    `host: studio\n${apple}`,
    `host: rack-07\n${intel}`,
    slurm,
    kubernetes,
    '',
  ].join('\n\n')

/** The twelfth, as somebody wrote it into a table of Berth's. */
export const labTable = `machine.name,machine.hostMemoryTotal,device.name,device.backend,device.memory.nominal.bytes
spare-01,128 GiB,NVIDIA GeForce RTX 3090,cuda,24 GiB
spare-01,,NVIDIA GeForce RTX 3090,cuda,24 GiB
`
