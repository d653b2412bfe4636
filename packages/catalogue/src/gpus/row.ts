import { type Backend, type Bytes, gibibytes, mebibytes, type PcieSlot } from '@berth/core'

export type Vendor = 'NVIDIA' | 'AMD' | 'Apple' | 'Intel'

/** One product at one memory size: figures that no driver prints. */
export interface CatalogueGpu {
  /** Made of the name and the memory on the box: `nvidia-geforce-rtx-3090-24gb`; stays when other entries are added. */
  readonly id: string
  readonly vendor: Vendor
  /** As the vendor's tool prints it. */
  readonly name: string
  readonly backend: Backend
  /** What that tool prints as total; absent where it is not one fixed figure. */
  readonly memoryReported?: Bytes
  /** On the box; several where one name is sold in several sizes of unified memory. */
  readonly memoryNominal: readonly Bytes[]
  /** Shares the host's memory. */
  readonly unified: boolean
  readonly memoryBandwidthBytesPerSecond: number
  /** Dense; accumulated in fp32 where matrix units do it. */
  readonly fp16FlopsPerSecond?: number
  readonly fp16Units?: 'matrix' | 'vector'
  readonly pcie?: PcieSlot
  /** Both directions, the whole card; 0 without. */
  readonly linkBytesPerSecond: number
  /** CUDA compute capability ("8.6"), AMD target ("gfx1100"), or Intel's name of the generation. */
  readonly architecture?: string
  readonly powerWatts: number
  /** How the reported memory is known. */
  readonly memorySource: 'observed' | 'unconfirmed' | 'varies'
  /** Where the other figures come from. */
  readonly source: string
  readonly note?: string
}

const backends: Readonly<Record<Vendor, Backend>> = { NVIDIA: 'cuda', AMD: 'rocm', Apple: 'metal', Intel: 'sycl' }

const giga = 1e9
const tera = 1e12

/**
 * Reads the table of one vendor. Columns: name, MiB reported, GiB nominal (a/b/c for several), GB/s, fp16 TFLOPS with
 * m for matrix units or v for vector units, PCIe generation x lanes, link GB/s, architecture, watts, sources, note;
 * a dash for what is unknown. Sources: how the memory is known; page of techpowerup.com/gpu-specs that the figures were
 * compared with; which of them follow the vendor instead (`vendor` alone: all).
 */
export const readRows = (vendor: Vendor, table: string): readonly CatalogueGpu[] =>
  table
    .trim()
    .split('\n')
    .map((line) => readRow(vendor, line))

function readRow(vendor: Vendor, line: string): CatalogueGpu {
  const cells = line.split('|').map((cell) => cell.trim())
  const cell = (index: number): string => cells[index] ?? '-'
  const known = (index: number): string | undefined =>
    cell(index) === '-' || cell(index) === '' ? undefined : cell(index)
  const nominal = cell(2)
    .split('/')
    .map((size) => gibibytes(Number(size)))
  const [memorySource, ...figures] = cell(9).split('; ')
  const reported = known(1)
  const architecture = known(7)
  const note = known(10)
  const unified = isUnified(vendor, note)
  return {
    id: idOf(cell(0), unified ? undefined : cell(2)),
    vendor,
    name: cell(0),
    backend: backends[vendor],
    ...(reported === undefined ? {} : { memoryReported: mebibytes(Number(reported)) }),
    memoryNominal: nominal,
    unified,
    memoryBandwidthBytesPerSecond: Number(cell(3)) * giga,
    ...fp16Of(known(4)),
    ...pcieOf(known(5)),
    linkBytesPerSecond: Number(cell(6)) * giga,
    ...(architecture === undefined ? {} : { architecture }),
    powerWatts: Number(cell(8)),
    memorySource: memorySource === 'observed' || memorySource === 'varies' ? memorySource : 'unconfirmed',
    source: sourceOf(figures),
    ...(note === undefined ? {} : { note }),
  }
}

/** Of unified memory the machine decides how much there is, so its size is no part of the id. */
function idOf(name: string, gib: string | undefined): string {
  const words = name
    .toLowerCase()
    .replaceAll(/\((r|tm)\)/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  const size = `${gib}gb`
  return gib === undefined || words.split('-').includes(size) ? words : `${words}-${size}`
}

const isUnified = (vendor: Vendor, note: string | undefined): boolean =>
  vendor === 'Apple' || /unified|APU/.test(note ?? '')

function fp16Of(text: string | undefined): Pick<CatalogueGpu, 'fp16FlopsPerSecond' | 'fp16Units'> {
  if (text === undefined) return {}
  return { fp16FlopsPerSecond: Number.parseFloat(text) * tera, fp16Units: text.endsWith('m') ? 'matrix' : 'vector' }
}

function pcieOf(text: string | undefined): Pick<CatalogueGpu, 'pcie'> {
  const [generation, width] = text?.split('x').map(Number) ?? []
  return generation === undefined || width === undefined ? {} : { pcie: { generationMax: generation, widthMax: width } }
}

const sourceOf = ([page, own]: readonly string[]): string => {
  if (page === undefined || page === 'vendor') return "vendor's data sheet"
  const compared = `techpowerup.com/gpu-specs/${page}`
  return own === undefined ? compared : `${compared}; ${own.replace('vendor ', '')} by the vendor's data sheet`
}
