import { describe, expect, it } from 'vitest'
import { deviceId, machineId } from '../ids.ts'
import { bytes, gibibytes } from '../units.ts'
import { explainElsewhere, explainReason, explainRemedy } from './explain.ts'
import { machineOf } from './fixtures.ts'
import type { Reason, Remedy } from './verdict.ts'

const machine = machineOf([{ gib: 24 }, { gib: 12, changes: { name: 'NVIDIA GeForce RTX 3060' } }])
const short = {
  code: 'insufficient-memory',
  place: { kind: 'device', device: deviceId('gpu-1') },
  requested: gibibytes(14.2),
  used: gibibytes(0.5),
  margin: gibibytes(1),
  capacity: gibibytes(12),
} as const satisfies Reason

describe('explainReason', () => {
  it.each<[Reason, string]>([
    [
      {
        ...short,
        code: 'insufficient-memory-at-first-prompt',
        requested: gibibytes(10.75),
        loaded: gibibytes(9.5),
        cause: 'attention scores',
        causeBytes: gibibytes(1),
      },
      'GPU 1 (NVIDIA GeForce RTX 3060) would load with 9.50 GiB and then run out: the first prompt adds 1.25 GiB, 1.00 GiB of it for attention scores; 10.50 GiB are left of 12.00 GiB after 512 MiB in use and a margin of 1.00 GiB; short by 256 MiB.',
    ],
    [
      { ...short, spills: true },
      'GPU 1 (NVIDIA GeForce RTX 3060) needs 14.20 GiB; 10.50 GiB are left of 12.00 GiB after 512 MiB in use and a margin of 1.00 GiB; short by 3.70 GiB. It will not fail: Windows’ driver puts what is missing into shared system memory, and the run crawls. NVIDIA Control Panel, CUDA - Sysmem Fallback Policy, turns that into an error.',
    ],
    [
      short,
      'GPU 1 (NVIDIA GeForce RTX 3060) needs 14.20 GiB; 10.50 GiB are left of 12.00 GiB after 512 MiB in use and a margin of 1.00 GiB; short by 3.70 GiB.',
    ],
    [
      { ...short, reserved: gibibytes(6) },
      'GPU 1 (NVIDIA GeForce RTX 3060) needs 14.20 GiB; 4.50 GiB are left of 12.00 GiB after 512 MiB in use, 6.00 GiB reserved and a margin of 1.00 GiB; short by 9.70 GiB.',
    ],
    [
      { ...short, used: bytes(0), margin: bytes(0) },
      'GPU 1 (NVIDIA GeForce RTX 3060) needs 14.20 GiB; 12.00 GiB are left of 12.00 GiB; short by 2.20 GiB.',
    ],
    [
      { ...short, place: { kind: 'host' }, used: gibibytes(12) },
      'The host needs 14.20 GiB; nothing is left of 12.00 GiB after 12.00 GiB in use and a margin of 1.00 GiB; short by 15.20 GiB.',
    ],
    [
      { ...short, place: { kind: 'device', device: deviceId('gone') } },
      'Device gone needs 14.20 GiB; 10.50 GiB are left of 12.00 GiB after 512 MiB in use and a margin of 1.00 GiB; short by 3.70 GiB.',
    ],
    [{ code: 'no-devices', machine: machineId('lab') }, 'lab has no device that this engine can use.'],
    [
      { code: 'host-memory-unknown', requested: gibibytes(3) },
      'Parts kept on the host need 3.00 GiB there; how much memory the host has is not known.',
    ],
    [{ code: 'format-not-readable', format: 'EXL2', engine: 'llama.cpp' }, 'llama.cpp does not read EXL2 files.'],
    [
      { code: 'architecture-not-supported', architecture: 'clip', engine: 'llama.cpp' },
      'llama.cpp has no architecture named clip.',
    ],
    [
      {
        code: 'setting-not-supported',
        setting: 'cacheTypeV',
        value: 'q8_0',
        because: 'quantized-v-needs-flash-attention',
      },
      'cacheTypeV = q8_0: a quantized V cache needs flash attention.',
    ],
    [{ code: 'too-many-devices', limit: 15, devices: 16 }, 'The split names 16 devices; the engine takes 15 at most.'],
    [
      { code: 'context-beyond-limit', requested: 2 ** 31, limit: 2_147_483_392 },
      'A context of 2,147,483,648 tokens is out of range; the engine takes 0 to 2,147,483,392.',
    ],
    [
      { code: 'value-out-of-range', setting: 'parallel', value: 0.5, minimum: 1, maximum: 256 },
      'parallel is 0.5; it must be a whole number from 1 to 256.',
    ],
    [
      { code: 'split-does-not-cover-layers', layers: 80, expected: 81 },
      'The split places 80 layers; the model has 81, its output layer counted.',
    ],
    [
      { code: 'device-not-usable', device: deviceId('gpu-0'), because: 'mig-parent' },
      'GPU 0 (card of 24 GiB) is cut into MIG slices and runs nothing itself.',
    ],
  ])('%j', (reason, sentence) => {
    expect(explainReason(reason, machine)).toBe(sentence)
  })
})

describe('explainRemedy', () => {
  it.each<[Remedy, string]>([
    [{ code: 'reduce-context', contextLength: 30208 }, 'Reduce the context to 30,208 tokens.'],
    [{ code: 'quantize-cache', cacheType: 'q8_0' }, 'Keep the KV cache in q8_0.'],
    [{ code: 'reduce-ubatch', ubatchSize: 256 }, 'Process prompts in pieces of 256 tokens (ubatch).'],
    [{ code: 'reduce-parallel', parallel: 1 }, 'Serve 1 slot at once.'],
    [
      { code: 'experts-on-host', expertsOnHost: 5 },
      'Keep the experts of the first 5 blocks in host memory, if the host has the room.',
    ],
    [{ code: 'smaller-file', name: 'Q3_K_M' }, 'Take a smaller file of the model: Q3_K_M.'],
    [{ code: 'cache-on-host' }, 'Keep the KV cache in host memory, if the host has the room.'],
    [{ code: 'blocks-on-host', hostBlocks: 1 }, 'Keep the first 1 block in host memory, if the host has the room.'],
    [{ code: 'flash-attention' }, 'Allow flash attention.'],
  ])('%j', (remedy, sentence) => {
    expect(explainRemedy(remedy)).toBe(sentence)
  })
})

it.each([
  [[], undefined],
  [['lab-07'], 'lab-07 can host it as asked.'],
  [['lab-07', 'lab-01'], 'lab-07 can host it as asked, and so can 1 other machine.'],
  [['lab-07', 'lab-01', 'lab-02'], 'lab-07 can host it as asked, and so can 2 other machines.'],
])('machines %j: %s', (names, sentence) => expect(explainElsewhere(names)).toBe(sentence))
