import { expect, it } from 'vitest'
import { fixture, machineOf } from '../testing/read.ts'

const table = fixture('smi-table.txt')
const text = fixture('smi-text.txt')
const xml = fixture('smi-v12-two-3090.xml')
const underGpu = (model: string): string =>
  text.replace(/^( +)Product Name /m, `$1Driver Model\n$1    Current : ${model}\n$&`)
const inXml = (model: string): string =>
  xml.replace('<product_name>', `<driver_model><current_dm>${model}</current_dm></driver_model>$&`)

it.each([
  ['a table with persistence modes', table, undefined],
  ['a table with the display driver of Windows', table.replace('   Off |   0000', '  WDDM |   0000'), 'windows'],
  ['a table with its compute driver', table.replace('   Off |   0000', '   TCC |   0000'), 'windows'],
  ['labels', text, undefined],
  ['labels that know no driver model', underGpu('N/A'), undefined],
  ['labels with a driver model', underGpu('WDDM'), 'windows'],
  ['XML', xml, undefined],
  ['XML that knows no driver model', inXml('N/A'), undefined],
  ['XML with a driver model', inXml('WDDM'), 'windows'],
  [
    'system_profiler',
    JSON.stringify({ SPDisplaysDataType: [{ sppci_model: 'AMD Radeon Pro 5500M', spdisplays_vram: '8 GB' }] }),
    'macos',
  ],
] as const)('the operating system by %s', (_, printed, os) => {
  expect(machineOf(printed, { hostName: 'lab' }).os).toBe(os)
})
