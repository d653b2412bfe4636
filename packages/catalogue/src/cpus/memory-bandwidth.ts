/** Memory channels of one socket, and the fastest modules its maker allows with one a channel, in MT/s. */
interface CpuFamily {
  /** Found in the name that lscpu, Ansible or system_profiler prints. */
  readonly name: RegExp
  readonly channels: number
  readonly megatransfers: number
}

const family = (name: RegExp, channels: number, megatransfers: number): CpuFamily => ({ name, channels, megatransfers })

/** By the makers' data sheets; the first that is found. Where a family takes two generations of DDR, the newer. */
const families: readonly CpuFamily[] = [
  family(/EPYC 7\w{2}1P?\b/, 8, 2666),
  family(/EPYC 7\w{2}[23]P?\b/, 8, 3200),
  family(/EPYC 8\w{2}4/, 6, 4800),
  family(/EPYC 9\w{2}4/, 12, 4800),
  family(/EPYC 9\w{2}5/, 12, 6000),
  family(/Threadripper PRO [35]9\d{2}WX/, 8, 3200),
  family(/Threadripper PRO 7\d{3}WX/, 8, 5200),
  family(/Threadripper PRO 9\d{3}WX/, 8, 6400),
  family(/Threadripper [123]9\d{2}W?X/, 4, 3200),
  family(/Threadripper 7\d{3}X/, 4, 5200),
  family(/Threadripper 9\d{3}X/, 4, 6400),
  family(/Ryzen [3579] [12345]\d{3}/, 2, 3200),
  family(/Ryzen [3579] [78]\d{3}/, 2, 5200),
  family(/Ryzen [3579] 9\d{3}/, 2, 5600),
  family(/Xeon(?:\(R\))? CPU E5-\d{4} v3/, 4, 2133),
  family(/Xeon(?:\(R\))? CPU E5-\d{4} v4/, 4, 2400),
  family(/Xeon(?:\(R\))? (?:Silver|Gold|Platinum) \d1\d{2}/, 6, 2666),
  family(/Xeon(?:\(R\))? (?:Silver|Gold|Platinum) \d2\d{2}/, 6, 2933),
  family(/Xeon(?:\(R\))? (?:Silver|Gold|Platinum) \d3\d{2}/, 8, 3200),
  family(/Xeon(?:\(R\))? (?:Silver|Gold|Platinum) \d4\d{2}/, 8, 4800),
  family(/Xeon(?:\(R\))? (?:Silver|Gold|Platinum) \d5\d{2}/, 8, 5600),
  family(/Core(?:\(TM\))? i\d-10\d{3}XE?/, 4, 2933),
  family(/Core(?:\(TM\))? i\d-[89]\d{3}/, 2, 2666),
  family(/Core(?:\(TM\))? i\d-10\d{3}/, 2, 2933),
  family(/Core(?:\(TM\))? i\d-11\d{3}/, 2, 3200),
  family(/Core(?:\(TM\))? i\d-12\d{3}/, 2, 4800),
  family(/Core(?:\(TM\))? i\d-1[34]\d{3}/, 2, 5600),
  family(/Core(?:\(TM\))? Ultra \d 2\d{2}/, 2, 6400),
]

/** DDR moves 8 bytes a transfer and channel. */
const CHANNEL_BYTES = 8

/**
 * The most that a processor's memory channels carry, in bytes a second; one socket's, since an engine that is not bound
 * to a node gains little of a second. Undefined for a name the table lacks.
 */
export function cpuMemoryBandwidth(cpuName: string): number | undefined {
  const found = families.find(({ name }) => name.test(cpuName))
  return found && found.channels * found.megatransfers * 1e6 * CHANNEL_BYTES
}
