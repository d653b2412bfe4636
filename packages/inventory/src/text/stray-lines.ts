import type { InventoryIssueCode } from '../issue.ts'

/** What to say of a line that begins no known tool's output. */
export interface StrayLine {
  readonly code: InventoryIssueCode
  readonly field?: string
  readonly detail: string
}

const importable =
  /nvidia-smi(?:\.exe)?(?:\s*$|.*\s(?:-q\b|--query(?![\w-])|--query-gpu|-L\b|--list-gpus|topo\b|nvlink\b))|--list-devices|rocm-smi.*--json|amd-smi.*--json|system_profiler.*-json/

/** A command whose output is no inventory: what it prints may be skipped. */
export const mayTitleOtherText = (command: string): boolean =>
  !importable.test(command) || /--help|--query-gpu=?\s*$|\s-h\b/.test(command)

const failures = [
  /^NVIDIA-SMI has failed\b/,
  /^No devices were found/,
  /^Failed to initialize NVML/,
  /^Unable to determine the device handle/,
  /command not found|not recognized as (?:an internal|the name)|: not found$|No such file or directory/,
  /^ERROR:.*(?:rocm|amdgpu|driver)/i,
  /^No NVLinks? (?:found|bridges?)/i,
]

/** A tool that says it could not do its work. */
export const isToolFailure = (line: string): boolean =>
  line.length <= 512 && failures.some((pattern) => pattern.test(line.trim()))

const remarks = [
  /^(?:WARNING|WARN|NOTE): /i,
  // amd-smi is Python, whose newer versions object to its code: where, what, and the line of code on the next.
  /^\S{1,400}\.py:\d{1,6}: \w{1,40}Warning: /,
  /^return [\w.]{1,80}$/,
]

/** What rocm-smi and amd-smi say before their JSON. */
export const isToolRemark = (line: string): boolean =>
  line.length <= 512 && remarks.some((pattern) => pattern.test(line.trim()))

/** The columns Berth can use, for a person to run. */
export const csvCommand =
  'nvidia-smi --query-gpu=index,name,uuid,pci.bus_id,memory.total,memory.reserved,memory.used,compute_cap --format=csv'

const nvidiaXmlTag = /<\/?(?:gpu|product_name|fb_memory_usage|minor_number|pci_bus_id|attached_gpus|driver_version)[ >]/

export function explainStrayLine(text: string, command: string | undefined): StrayLine {
  if (nvidiaXmlTag.test(text.slice(0, 2000))) {
    return {
      code: 'truncated',
      field: 'nvidia_smi_log',
      detail: `the XML does not begin with <nvidia_smi_log>: ${text}`,
    }
  }
  if (looksLikeHeaderlessCsv(text) || (command !== undefined && /noheader/.test(command) && text.includes(','))) {
    return { code: 'header-missing', detail: text }
  }
  return { code: 'unrecognised', detail: text }
}

const looksLikeHeaderlessCsv = (text: string): boolean => {
  const cells = text.slice(0, 2000).split(',')
  return (
    cells.length >= 2 &&
    /NVIDIA|GeForce|Tesla|Quadro|\bRTX\b|\bGTX\b|GPU-[0-9a-f]{8}-|\b\d+ MiB\b/.test(text.slice(0, 2000)) &&
    cells.some((cell) => /^\s*(?:\d+|\d+ MiB|GPU-[0-9a-f-]+|[0-9A-F]{8}:[0-9A-F]{2}:[0-9A-F]{2}\.\d)\s*$/i.test(cell))
  )
}
