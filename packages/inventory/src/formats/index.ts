import { amdSmiJson, amdSmiText } from './amd-smi.ts'
import { ansibleFacts } from './ansible-facts.ts'
import { berthCollector } from './berth-collector.ts'
import { berthCsv } from './berth-csv.ts'
import { berthJson } from './berth-json.ts'
import { dcgmMetrics } from './dcgm-metrics.ts'
import type { Format } from './format.ts'
import { gpustackWorker } from './gpustack-worker.ts'
import { gpustatJson, gpustatText } from './gpustat.ts'
import { hostFacts } from './host-facts.ts'
import { kubernetesLabels } from './kubernetes-labels.ts'
import { kubernetesNodes } from './kubernetes-nodes.ts'
import { kubernetesYaml } from './kubernetes-yaml.ts'
import { listDevices } from './list-devices.ts'
import { lspci } from './lspci.ts'
import { netboxCsv } from './netbox-csv.ts'
import { netboxJson } from './netbox-json.ts'
import { nvidiaSmiCsv, nvidiaSmiCsvOther } from './nvidia-smi-csv.ts'
import { nvidiaSmiList } from './nvidia-smi-list.ts'
import { nvidiaSmiNvlink } from './nvidia-smi-nvlink.ts'
import { nvidiaSmiTable } from './nvidia-smi-table.ts'
import { nvidiaSmiText } from './nvidia-smi-text.ts'
import { nvidiaSmiTopo } from './nvidia-smi-topo.ts'
import { nvidiaSmiXml } from './nvidia-smi-xml.ts'
import { ollamaPs } from './ollama-ps.ts'
import { rocmSmi } from './rocm-smi.ts'
import { slurmGres } from './slurm-gres.ts'
import { slurmJson } from './slurm-json.ts'
import { slurmNodes } from './slurm-nodes.ts'
import { systemProfilerText } from './system-profiler-text.ts'
import { systemProfiler } from './system-profiler.ts'
import { xpuSmiCsv } from './xpu-smi-csv.ts'
import { xpuSmiJson, xpuSmiStats } from './xpu-smi.ts'

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
  berthCsv,
  xpuSmiCsv,
  netboxCsv,
  amdSmiText,
  gpustatText,
  lspci,
  slurmGres,
  slurmNodes,
  systemProfilerText,
  kubernetesYaml,
  kubernetesLabels,
  dcgmMetrics,
  hostFacts,
  listDevices,
  berthCollector,
  berthJson,
  rocmSmi,
  amdSmiJson,
  xpuSmiJson,
  xpuSmiStats,
  gpustatJson,
  gpustackWorker,
  systemProfiler,
  ansibleFacts,
  kubernetesNodes,
  slurmJson,
  netboxJson,
  ollamaPs,
]
