import { limits } from '../limits.ts'
import { endWhile } from '../text/lines.ts'
import type { Section, TextFormat } from './format.ts'
import { defined } from './format.ts'
import { readGpus } from './kubernetes-cards.ts'
import { driverOf } from './kubernetes-nodes.ts'

/** A label's value has at most 63 characters, its name and prefix 317. */
const label = /^\s*(?:Labels:\s+)?((?:[a-z0-9.-]{1,253}\/)?[A-Za-z0-9][\w.-]{0,62})=([\w.-]{0,63})\s*$/
const ofGpu = /^\s*(?:Labels:\s+)?(?:nvidia\.com|(?:beta\.)?amd\.com)\/(?:gpu|cuda|gfd|mig)[\w.-]{0,60}=/
const readLabel = (line: string) => (line.length <= 512 ? label.exec(line) : null)

/** Labels of GPU feature discovery, as its file has them and `kubectl describe node` lists them. */
export const kubernetesLabels: TextFormat = {
  id: 'kubernetes-labels',
  rank: 8,
  kind: 'text',
  starts: (lines, at) => ofGpu.test(lines[at]!.slice(0, 512)) && readLabel(lines[at]!) !== null,
  end: (lines, at) => endWhile(lines, at, (line) => readLabel(line) !== null),
  read: (section, notes) => {
    const labels = labelsOf(section)
    const devices = readGpus(labels, {}, { line: section.firstLine, notes })
    if (devices.length === 0) notes.warn('section-ignored', { line: section.firstLine, detail: section.lines[0]! })
    return { devices, host: defined({ driverVersion: driverOf(labels)?.slice(0, limits.nameCharacters) }) }
  },
}

/** Labels on lines of their own; the first may stand beside the word. */
export const labelsOf = (section: Section): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    section.lines.flatMap((line) => {
      const match = readLabel(line)
      return match === null ? [] : [[match[1]!, match[2]!]]
    }),
  )
