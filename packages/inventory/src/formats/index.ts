import { amdSmiJson, amdSmiText } from './amd-smi.ts'
import { ansibleFacts } from './ansible-facts.ts'
import { berthJson } from './berth-json.ts'
import type { Format } from './format.ts'
import { hostFacts } from './host-facts.ts'
import { kubernetesNodes } from './kubernetes-nodes.ts'
import { listDevices } from './list-devices.ts'
import { nvidiaSmiCsv, nvidiaSmiCsvOther } from './nvidia-smi-csv.ts'
import { nvidiaSmiList } from './nvidia-smi-list.ts'
import { nvidiaSmiNvlink } from './nvidia-smi-nvlink.ts'
import { nvidiaSmiTable } from './nvidia-smi-table.ts'
import { nvidiaSmiText } from './nvidia-smi-text.ts'
import { nvidiaSmiTopo } from './nvidia-smi-topo.ts'
import { nvidiaSmiXml } from './nvidia-smi-xml.ts'
import { rocmSmi } from './rocm-smi.ts'
import { slurmNodes } from './slurm-nodes.ts'
import { systemProfiler } from './system-profiler.ts'

/** Every format there is, in the order they are tried on a line: the more specific first. */
export const formats: readonly Format[] = [
  nvidiaSmiXml,
  nvidiaSmiText,
  nvidiaSmiTable,
  nvidiaSmiTopo,
  nvidiaSmiNvlink,
  nvidiaSmiList,
  nvidiaSmiCsv,
  nvidiaSmiCsvOther,
  amdSmiText,
  slurmNodes,
  hostFacts,
  listDevices,
  berthJson,
  rocmSmi,
  amdSmiJson,
  systemProfiler,
  ansibleFacts,
  kubernetesNodes,
]
