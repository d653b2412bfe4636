/** The read-only commands whose output a machine can be registered from, best first. */
export const inventoryCommands = [
  {
    id: 'xml',
    label: 'nvidia-smi, full',
    note: 'NVIDIA. Everything but host RAM and compute capability.',
    command: 'nvidia-smi -q -x',
  },
  {
    id: 'csv',
    label: 'nvidia-smi, CSV',
    note: 'NVIDIA. With compute capability and reserved memory.',
    command:
      'nvidia-smi --query-gpu=index,name,uuid,pci.bus_id,memory.total,memory.reserved,memory.used,compute_cap,driver_version,pcie.link.gen.current,pcie.link.width.current --format=csv',
  },
  {
    id: 'devices',
    label: 'llama.cpp',
    note: 'Any backend: exactly what the engine will see.',
    command: 'llama-server --list-devices',
  },
  {
    id: 'links',
    label: 'Links and network',
    note: 'Beside one of the others, or under the name of a machine that is known: paths between GPUs, P2P, network speed.',
    command: 'nvidia-smi topo -m; nvidia-smi topo -p2p r; nvidia-smi nvlink -s; grep -H . /sys/class/net/*/speed',
  },
] as const
