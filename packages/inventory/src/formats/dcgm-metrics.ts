import type { Bytes } from '@berth/core'
import { mebibytes } from '@berth/core'

import { readerOf } from '../field-reader.ts'
import { limits } from '../limits.ts'
import type { Notes } from '../notes.ts'
import type { Figure } from '../text/figures.ts'
import { accepted, parsePciBusId, parseUuid } from '../text/figures.ts'
import { endWhile } from '../text/lines.ts'
import type { CardObservation, HostObservation, Section, SectionReading, TextFormat } from './format.ts'
import { defined, nothingRead } from './format.ts'

/** An exporter's line has a dozen labels of a pod's names at most. */
const lineCharacters = 8192

/** A sample of the Prometheus text format: name, labels, value and perhaps a time. */
const sample = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+(\S+)(?:\s+-?\d+)?\s*$/
const label = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g

const isDcgm = (line: string): boolean => /^DCGM_F[IA]_[A-Z0-9_]+\{/.test(line)
const isMetric = (line: string): boolean =>
  line.trim() === '' || line.startsWith('#') || (line.length <= lineCharacters && sample.test(line))

/** `/metrics` of dcgm-exporter: what is used of each card's memory now. It names cards and makes none. */
export const dcgmMetrics: TextFormat = {
  id: 'dcgm-metrics',
  rank: 90,
  kind: 'text',
  starts: (lines, at) => lines[at]!.length <= lineCharacters && isDcgm(lines[at]!) && sample.test(lines[at]!),
  end: (lines, at) => endWhile(lines, at, isMetric),
  read: readMetrics,
}

interface MetricSample {
  readonly line: number
  readonly labels: ReadonlyMap<string, string>
  readonly value: string
}

function readMetrics(section: Section, notes: Notes): SectionReading {
  const used = section.lines.flatMap((text, place): readonly MetricSample[] => {
    const match = text.startsWith('DCGM_FI_DEV_FB_USED{') ? sample.exec(text) : null
    if (match === null) return []
    const labels = new Map([...match[2]!.matchAll(label)].map(([, name, value]) => [name!, value!]))
    return [{ line: section.firstLine + place, labels, value: match[3]! }]
  })
  if (used.length > limits.observedCards) {
    const { line } = used[limits.observedCards]!
    notes.refuse('limit-exceeded', { line, limit: limits.observedCards, detail: `${used.length} cards` })
    return nothingRead
  }
  if (used.length === 0) notes.warn('section-ignored', { line: section.firstLine, detail: section.lines[0]! })
  const hosts = new Map<string, CardObservation[]>()
  for (const one of used) {
    const card = readCard(one, notes)
    const host = (one.labels.get('Hostname') ?? '').slice(0, limits.hostNameCharacters)
    const cards = hosts.get(host)
    if (card !== undefined && cards === undefined) hosts.set(host, [card])
    else if (card !== undefined) cards!.push(card)
  }
  const observations = [...hosts].map(([hostName, cards]): HostObservation => {
    const { line } = cards[0]!
    return hostName === '' ? { line, cards } : { line, hostName, cards }
  })
  return { ...nothingRead, observations }
}

function readCard({ line, labels, value }: MetricSample, notes: Notes): CardObservation | undefined {
  const place = { line, field: 'DCGM_FI_DEV_FB_USED', detail: value }
  const used = accepted(parseUsed(value), () => notes.refuse('value-invalid', place))
  if (used === undefined) return undefined
  const { want } = readerOf((name: string) => {
    const text = labels.get(name)
    return text === undefined ? undefined : { text, place: () => ({ line, field: name }) }
  }, notes)
  const index = /^\d{1,4}$/.test(labels.get('gpu') ?? '') ? Number(labels.get('gpu')) : undefined
  return defined({
    line,
    backend: 'cuda' as const,
    uuid: want('UUID', parseUuid),
    pciBusId: want('pci_bus_id', parsePciBusId),
    index,
    migProfile: labels.get('GPU_I_PROFILE') || undefined,
    used,
  })
}

/** MiB. DCGM writes "not supported" and its like as numbers at the top of 63 bits. */
function parseUsed(text: string): Figure<Bytes> {
  const mib = Number(text)
  if (text === 'NaN' || mib > 2 ** 62) return undefined
  if (!Number.isFinite(mib) || mib < 0 || mib * 1024 ** 2 > limits.memoryBytes) return 'invalid'
  return mebibytes(Math.round(mib))
}
