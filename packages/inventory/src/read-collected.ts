import type { ReadSection } from './assemble/group.ts'
import type { BundleFormat, CollectedHost, CollectedOutput, Section } from './formats/format.ts'
import { defined, nothingRead } from './formats/format.ts'
import type { FormatId, ToolPlace } from './issue.ts'
import type { NotesBook } from './notes.ts'
import { openNotes } from './notes.ts'
import { readSection } from './read-section.ts'
import type { CutSection } from './sniff.ts'
import { sniff } from './sniff.ts'
import { toLines } from './text/lines.ts'
import { mayTitleOtherText } from './text/stray-lines.ts'

/** What a collector's report says of a machine beside its hardware. */
export interface CollectedMachine extends Pick<CollectedHost, 'hostName' | 'collectedAt' | 'everySeconds'> {
  /** A tool that shows GPUs failed: those it would have shown may be there all the same. */
  readonly partial: boolean
}

interface Span {
  readonly first: number
  readonly last: number
  readonly line: number
  readonly command: string
}

interface Located {
  readonly line: number
  readonly tool?: ToolPlace
}

interface SectionPlace {
  readonly format: FormatId
  readonly firstLine: number
  readonly lastLine: number
  readonly hostName: string
}

/** What the collectors of one paste brought, and where it stands. */
interface Collection {
  readonly machines: CollectedMachine[]
  readonly sections: SectionPlace[]
  /** Numbers that no other line has, for the lines of one tool's output: they all stand on one line of the paste. */
  readonly number: (output: CollectedOutput, lines: number) => number
  /** The line of the paste, and of the tool's output, that such a number means. */
  readonly located: <Note extends Located>(note: Note) => Note
}

export function openCollection(pasteLines: number): Collection {
  const spans: Span[] = []
  return {
    machines: [],
    sections: [],
    number: ({ line, command }, lines) => {
      const before = spans.at(-1)?.last ?? pasteLines
      spans.push({ first: before + 1, last: before + lines, line, command })
      return before
    },
    located: (note) => {
      if (note.line <= pasteLines) return note
      const span = spans.find(({ last }) => note.line <= last) ?? spans.at(-1)!
      return { ...note, line: span.line, tool: { command: span.command, line: note.line - span.first + 1 } }
    },
  }
}

/** Reads every tool's output of a collector's report as it would be read from a paste of its own. */
export function readCollected(cut: CutSection, book: NotesBook, collection: Collection): readonly ReadSection[] {
  const { section, value } = cut
  const format = cut.format as BundleFormat
  const hosts = format.unpack(value, section, book.forSection(section.index, format.id))
  return hosts.flatMap((host) => {
    const place = { ...section, hostName: host.hostName }
    const read = host.outputs.flatMap((output) => readOutput(output, { section: place, book, collection }))
    const { hostName, collectedAt, everySeconds, os } = host
    collection.machines.push(defined({ hostName, collectedAt, everySeconds, partial: isPartial(host, read) }))
    // It ran, so no GPU is an answer.
    const itself = { ...nothingRead, saysNoDevices: true, ...(os === undefined ? {} : { host: { os } }) }
    return [{ format, section: place, reading: itself }, ...read.flatMap(({ sections }) => sections)]
  })
}

interface OutputRead {
  readonly output: CollectedOutput
  readonly sections: readonly ReadSection[]
}

interface Place {
  readonly section: Section & { readonly hostName: string }
  readonly book: NotesBook
  readonly collection: Collection
}

function readOutput(output: CollectedOutput, { section, book, collection }: Place): readonly OutputRead[] {
  const { command, exitCode, error, line } = output
  const nothing = [{ output, sections: [] }]
  const lines = toLines(output.output)
  if (!lines.ok) {
    const { code, limit, detail } = lines.issue
    book.forSection(section.index, 'berth-collector').refuse(code, { line, detail, ...(limit && { limit }) })
    return nothing
  }
  const after = collection.number(output, lines.value.length)
  const own = openNotes()
  const sections = readLines(lines.value, { section, own, command, after })
  const failed = exitCode !== 0
  if (failed) {
    const detail = error ?? lines.value.find((text) => text.trim() !== '') ?? `it ended with code ${exitCode}`
    book.forSection(section.index, 'berth-collector').warn('tool-failed', { line: after + 1, detail })
  }
  const isExtra = mayTitleOtherText(command)
  if (own.issues.length > 0 && (failed || isExtra)) return nothing
  // What is gathered for a later Berth is no news while this one does not read it.
  const told = own.warnings.filter(
    ({ code }) => !(isExtra && code === 'text-skipped') && !(failed && code === 'tool-failed'),
  )
  book.take({ issues: own.issues, warnings: told }, 0)
  for (const { format } of sections) {
    collection.sections.push({ format: format.id, firstLine: line, lastLine: line, hostName: section.hostName })
  }
  return [{ output, sections }]
}

interface Lines {
  readonly section: Place['section']
  readonly own: NotesBook
  readonly command: string
  /** How far the numbers of these lines are from 1. */
  readonly after: number
}

function readLines(lines: readonly string[], { section, own, command, after }: Lines): readonly ReadSection[] {
  const cutting = openNotes()
  const cuts = sniff(lines, cutting, command)
  own.take(cutting, after)
  return cuts.flatMap((cut) => {
    const firstLine = cut.section.firstLine + after
    // Whatever a tool prints of hosts, it ran on this one.
    const inner = { ...cut.section, firstLine, index: section.index, hostName: section.hostName }
    const read = readSection({ ...cut, section: inner }, own)
    const foreign = read.length !== 1 || read.some(({ reading }) => reading.machines ?? reading.observations)
    if (!foreign && read[0]!.section.hostName === section.hostName) return read
    const detail = `${command} printed what tells of other machines, not of this one`
    own.forSection(section.index, cut.format.id).refuse('unrecognised', { line: firstLine, detail })
    return []
  })
}

const noGpu = /^No devices were found/

/**
 * Whether cards may be there that the report does not show: a vendor's tool failed, and no other of its commands shows
 * any. What llama.cpp lists is the vendors' cards again, so it counts where there is nothing else.
 */
function isPartial({ outputs }: CollectedHost, read: readonly OutputRead[]): boolean {
  const toolOf = ({ command }: CollectedOutput): string => /^\S+/.exec(command)?.[0] ?? ''
  const seen = new Set(
    read
      .filter(({ sections }) => sections.some(({ reading }) => reading.devices.length > 0))
      .map((one) => toolOf(one.output)),
  )
  return outputs.some((output) => {
    const tool = toolOf(output)
    if (output.exitCode === 0 || noGpu.test(output.error ?? output.output) || seen.has(tool)) return false
    return gpuTools.has(tool) || (tool === 'llama-server' && seen.size === 0)
  })
}

const gpuTools: ReadonlySet<string> = new Set(['nvidia-smi', 'rocm-smi', 'amd-smi', 'xpu-smi', 'system_profiler'])
