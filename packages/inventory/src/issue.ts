import { limits } from './limits.ts'

export const formatTitles = {
  'nvidia-smi-xml': 'nvidia-smi -q -x',
  'nvidia-smi-text': 'nvidia-smi -q',
  'nvidia-smi-csv': 'nvidia-smi --query-gpu=… --format=csv',
  'nvidia-smi-csv-other': 'another nvidia-smi CSV query',
  'nvidia-smi-list': 'nvidia-smi -L',
  'nvidia-smi-table': 'nvidia-smi (the summary table)',
  'nvidia-smi-topo': 'nvidia-smi topo -m',
  'nvidia-smi-p2p': 'nvidia-smi topo -p2p',
  'nvidia-smi-nvlink': 'nvidia-smi nvlink -s',
  'list-devices': 'llama-server --list-devices',
  'list-devices-json': 'devices of ggml as JSON',
  'rocm-smi-json': 'rocm-smi --json',
  'rocm-smi-text': 'rocm-smi',
  'rocm-smi-csv': 'rocm-smi --csv',
  'amd-smi-json': 'amd-smi static --json',
  'amd-smi-text': 'amd-smi static',
  'amd-smi-metric-json': 'amd-smi metric --json',
  'amd-smi-metric-text': 'amd-smi metric',
  'amd-smi-topology-json': 'amd-smi topology --json',
  'amd-smi-topology-text': 'amd-smi topology',
  'system-profiler-json': 'system_profiler SPDisplaysDataType -json',
  'host-facts': 'lscpu, /proc/meminfo or sysctl hw',
  'lscpu-json': 'lscpu -J',
  free: 'free',
  'network-speeds': '/sys/class/net/*/speed',
  ethtool: 'ethtool',
  'ip-link-json': 'ip -j link',
  'xpu-smi-json': 'xpu-smi discovery -j',
  'xpu-smi-stats': 'xpu-smi stats -j',
  'xpu-smi-table': 'xpu-smi discovery',
  'xpu-smi-csv': 'xpu-smi discovery --dump',
  'gpustat-json': 'gpustat --json',
  'gpustat-text': 'gpustat',
  'gpustack-worker': 'a GPUStack worker',
  'system-profiler-text': 'system_profiler SPDisplaysDataType',
  lspci: 'lspci',
  'ansible-facts': 'ansible -m setup',
  'netbox-json': 'modules or devices of NetBox',
  'netbox-csv': 'modules of NetBox as CSV',
  'slurm-nodes': 'scontrol show node',
  'slurm-sinfo': 'sinfo',
  'slurm-tres': 'resources of Slurm nodes',
  'slurm-json': 'nodes of slurmrestd',
  'slurm-gres': 'gres.conf',
  'kubernetes-nodes': 'kubectl get nodes -o json',
  'kubernetes-yaml': 'kubectl get nodes -o yaml',
  'kubernetes-describe': 'kubectl describe node',
  'kubernetes-labels': 'labels of GPU feature discovery',
  'dcgm-metrics': 'metrics of dcgm-exporter',
  'ollama-ps': '/api/ps of Ollama',
  'berth-collector': "Berth's collector",
  'berth-json': "Berth's own JSON",
  'berth-csv': "Berth's own CSV",
} as const

export type FormatId = keyof typeof formatTitles

export type InventoryIssueCode =
  | 'empty'
  | 'limit-exceeded'
  | 'unrecognised'
  | 'truncated'
  | 'malformed'
  | 'dtd-refused'
  | 'header-missing'
  | 'value-invalid'
  | 'field-missing'
  | 'field-unknown'
  | 'version-unsupported'
  | 'host-ambiguous'
  | 'duplicate-device'
  | 'duplicate-machine'
  | 'tool-failed'
  | 'no-devices'
  | 'host-not-named'

/** Why a paste was refused: data, for `explainInventoryIssue` to put in words. */
export interface InventoryIssue {
  readonly code: InventoryIssueCode
  /** 1 for the first tool output of the paste; 0 when the paste as a whole is meant. */
  readonly section: number
  readonly format?: FormatId
  /** 1 for the first line of the paste. */
  readonly line: number
  /** Where a collector's JSON holds the output on that line: whose, and which line of it. */
  readonly tool?: ToolPlace
  /** A column, an XML path or a JSON path. */
  readonly field?: string
  readonly limit?: number
  /** What was found there, or what is needed instead. */
  readonly detail: string
}

export type InventoryWarningCode =
  | 'value-ignored'
  | 'memory-unknown'
  | 'name-unknown'
  | 'name-cut-short'
  | 'mig-slices-unknown'
  | 'mig-memory-shared'
  | 'backend-ignored'
  | 'same-card-twice'
  | 'matched-by-order'
  | 'device-unmatched'
  | 'host-assumed'
  | 'duplicate-uuid'
  | 'partition-shared'
  | 'gpus-not-shown'
  | 'ragged-row'
  | 'link-unmatched'
  | 'observation-unmatched'
  | 'paths-unmatched'
  | 'card-not-in-service'
  | 'section-ignored'
  | 'text-skipped'
  | 'tool-failed'
  | 'no-devices'

/** Something a person should know about what was read; the machine is usable all the same. */
export interface InventoryWarning {
  readonly code: InventoryWarningCode
  readonly section: number
  readonly format?: FormatId
  readonly line: number
  readonly tool?: ToolPlace
  readonly field?: string
  readonly detail: string
}

/** A line of what one tool printed, where the whole output is one line of the paste. */
export interface ToolPlace {
  readonly command: string
  /** 1 for the first line that it printed. */
  readonly line: number
}

/** A text from outside as an issue may quote it: one line, printable, short. */
export function quote(text: string): string {
  const printable = text
    .slice(0, limits.quotedCharacters * 4)
    .replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
  return printable.length > limits.quotedCharacters ? `${printable.slice(0, limits.quotedCharacters)}…` : printable
}
