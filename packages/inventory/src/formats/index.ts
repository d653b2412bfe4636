import { amdSmiJson, amdSmiMetricJson, amdSmiMetricText, amdSmiText } from './amd-smi.ts'
import { amdSmiTopologyJson, amdSmiTopologyText } from './amd-smi-topology.ts'
import { ansibleFacts } from './ansible-facts.ts'
import { berthCollector } from './berth-collector.ts'
import { berthCsv } from './berth-csv.ts'
import { berthJson } from './berth-json.ts'
import { dcgmMetrics } from './dcgm-metrics.ts'
import { ethtool } from './ethtool.ts'
import type { Format } from './format.ts'
import { free } from './free.ts'
import { gpustackWorker } from './gpustack-worker.ts'
import { gpustatJson, gpustatText } from './gpustat.ts'
import { hostFacts } from './host-facts.ts'
import { kubernetesDescribe } from './kubernetes-describe.ts'
import { ipLinkJson } from './ip-link-json.ts'
import { kubernetesLabels } from './kubernetes-labels.ts'
import { kubernetesNodes } from './kubernetes-nodes.ts'
import { kubernetesYaml } from './kubernetes-yaml.ts'
import { listDevicesJson } from './list-devices-json.ts'
import { listDevices } from './list-devices.ts'
import { lscpuJson } from './lscpu-json.ts'
import { lspci } from './lspci.ts'
import { netboxCsv } from './netbox-csv.ts'
import { netboxJson } from './netbox-json.ts'
import { networkSpeeds } from './network-speeds.ts'
import { nvidiaSmiCsv, nvidiaSmiCsvOther } from './nvidia-smi-csv.ts'
import { nvidiaSmiList } from './nvidia-smi-list.ts'
import { nvidiaSmiNvlink } from './nvidia-smi-nvlink.ts'
import { nvidiaSmiP2p } from './nvidia-smi-p2p.ts'
import { nvidiaSmiTable } from './nvidia-smi-table.ts'
import { nvidiaSmiText } from './nvidia-smi-text.ts'
import { nvidiaSmiTopo } from './nvidia-smi-topo.ts'
import { nvidiaSmiXml } from './nvidia-smi-xml.ts'
import { ollamaPs } from './ollama-ps.ts'
import { rocmSmi } from './rocm-smi.ts'
import { rocmSmiCsv } from './rocm-smi-csv.ts'
import { rocmSmiText } from './rocm-smi-text.ts'
import { slurmGres } from './slurm-gres.ts'
import { slurmJson } from './slurm-json.ts'
import { slurmNodes } from './slurm-nodes.ts'
import { slurmSinfo } from './slurm-sinfo.ts'
import { slurmTres } from './slurm-tres.ts'
import { systemProfiler } from './system-profiler.ts'
import { systemProfilerText } from './system-profiler-text.ts'
import { xpuSmiTable } from './xpu-smi-table.ts'
import { xpuSmiJson, xpuSmiStats } from './xpu-smi.ts'
import { xpuSmiCsv } from './xpu-smi-csv.ts'

/** Every format there is, in the order they are tried on a line: the more specific first. */
export const formats: readonly Format[] = [
  nvidiaSmiXml,
  nvidiaSmiText,
  nvidiaSmiTable,
  nvidiaSmiP2p,
  nvidiaSmiTopo,
  nvidiaSmiNvlink,
  nvidiaSmiList,
  nvidiaSmiCsv,
  nvidiaSmiCsvOther,
  berthCsv,
  xpuSmiCsv,
  xpuSmiTable,
  netboxCsv,
  amdSmiMetricText,
  amdSmiText,
  amdSmiTopologyText,
  rocmSmiText,
  rocmSmiCsv,
  gpustatText,
  lspci,
  slurmGres,
  slurmNodes,
  slurmSinfo,
  slurmTres,
  systemProfilerText,
  kubernetesYaml,
  kubernetesDescribe,
  kubernetesLabels,
  dcgmMetrics,
  hostFacts,
  free,
  networkSpeeds,
  ethtool,
  listDevices,
  berthCollector,
  berthJson,
  listDevicesJson,
  rocmSmi,
  amdSmiJson,
  amdSmiMetricJson,
  amdSmiTopologyJson,
  xpuSmiJson,
  xpuSmiStats,
  gpustatJson,
  gpustackWorker,
  systemProfiler,
  lscpuJson,
  ansibleFacts,
  kubernetesNodes,
  slurmJson,
  netboxJson,
  ipLinkJson,
  ollamaPs,
]
