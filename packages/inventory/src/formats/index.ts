import type { Format } from './format.ts'
import { listDevices } from './list-devices.ts'
import { nvidiaSmiCsv, nvidiaSmiCsvOther } from './nvidia-smi-csv.ts'
import { nvidiaSmiList } from './nvidia-smi-list.ts'
import { nvidiaSmiNvlink } from './nvidia-smi-nvlink.ts'
import { nvidiaSmiTopo } from './nvidia-smi-topo.ts'
import { nvidiaSmiXml } from './nvidia-smi-xml.ts'
import { berthJson } from './berth-json.ts'

/** Every format there is, in the order they are tried on a line: the more specific first. */
export const formats: readonly Format[] = [
  nvidiaSmiXml,
  nvidiaSmiTopo,
  nvidiaSmiNvlink,
  nvidiaSmiList,
  nvidiaSmiCsv,
  nvidiaSmiCsvOther,
  listDevices,
  berthJson,
]
