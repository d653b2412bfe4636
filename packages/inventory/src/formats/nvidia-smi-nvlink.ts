import { endWhile } from '../text/lines.ts'
import type { DeviceReading, NvlinkReading, TextFormat } from './format.ts'
import { defined } from './format.ts'
import { readGpuLine } from './nvidia-smi-list.ts'

const linkLine = /^\s*Link (\d{1,3}): (?:(\d{1,6}(?:\.\d{1,6})?) GB\/s|<?inactive>?|.{0,80})\s*$/i
const otherLine = /nvlink/i

const isNvlinkLine = (line: string | undefined): boolean =>
  line !== undefined && line.length <= 512 && (linkLine.test(line) || otherLine.test(line))

/** `nvidia-smi nvlink -s`: how many links each GPU has up, and how fast one is in one direction. */
export const nvidiaSmiNvlink: TextFormat = {
  id: 'nvidia-smi-nvlink',
  rank: 4,
  kind: 'text',
  starts: (lines, at) => readGpuLine(lines[at]!) !== undefined && isNvlinkLine(lines[at + 1]),
  end: (lines, at) => endWhile(lines, at, (line) => readGpuLine(line) !== undefined || isNvlinkLine(line)),
  read: (section) => {
    const devices: DeviceReading[] = []
    const nvlinks: NvlinkReading[] = []
    section.lines.forEach((text, place) => {
      const line = section.firstLine + place
      const gpu = readGpuLine(text)
      if (gpu !== undefined) {
        devices.push(defined({ line, backend: 'cuda' as const, name: gpu.name, uuid: gpu.uuid, smiIndex: gpu.index }))
        nvlinks.push({ line, gpu: gpu.index, links: 0, bytesPerSecondPerLink: 0 })
        return
      }
      const speed = Number(linkLine.exec(text)?.[2] ?? 0)
      const last = nvlinks.at(-1)
      if (speed === 0 || last === undefined) return
      const bytesPerSecondPerLink = Math.round(speed * 1e9)
      nvlinks[nvlinks.length - 1] = { ...last, links: last.links + 1, bytesPerSecondPerLink }
    })
    return { devices, nvlinks: nvlinks.filter((nvlink) => nvlink.links > 0) }
  },
}
