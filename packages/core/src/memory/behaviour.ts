/**
 * How one build of llama.cpp allocates, where builds differ. Every other formula here is that of 0.5.0-dev; an engine
 * that carries an older llama.cpp names its build, and nothing else asks which engine or version it is.
 */
export interface AllocationBehaviour {
  /** Blocks with a sliding window keep that window only; before, every block kept the whole context. */
  readonly windowedCache: boolean
  /** Slots may have a stream of cells each; before, all shared one. */
  readonly separateStreams: boolean
  /** What caches are padded to, in cells. */
  readonly cellPadding: { readonly flashAttention: number; readonly plain: number }
  /** A quantized cache is multiplied by a Hadamard matrix. */
  readonly rotatesQuantizedCache: boolean
  /** Flash attention's mask is reserved as F16; before, as F32 on the host and cast on the first device. */
  readonly halfMask: boolean
  /** Logits are reserved for the rows a server may ask for; before, for every token of the ubatch. */
  readonly limitsOutputs: boolean
  /** F16 copies of a quantized cache lie in the compute buffer; before, the pool grew by them at the first prompt. */
  readonly reservesConvertedCache: boolean
  /** ggml-cuda has split buffers, which split mode row needs. */
  readonly splitBuffers: boolean
  /** What CUDA fuses around experts is kept alive until the fused operation has run. */
  readonly keepsFusedExperts: boolean
}

interface BehaviourChange {
  /** First build (`llama.cpp` tag b<N>) that behaves as today. */
  readonly build: number
  readonly merged: string
  readonly source: string
  /** How it was before. */
  readonly before: Partial<AllocationBehaviour>
}

/** What llama.cpp v0.5.0 does (September 2026). */
const today: AllocationBehaviour = {
  windowedCache: true,
  separateStreams: true,
  cellPadding: { flashAttention: 256, plain: 256 },
  rotatesQuantizedCache: true,
  halfMask: true,
  limitsOutputs: true,
  reservesConvertedCache: true,
  splitBuffers: false,
  keepsFusedExperts: true,
}

/**
 * The changes, newest first. Builds marked ~ are taken from dates: between two builds the older behaviour is assumed, which
 * is the dearer one but for split buffers.
 */
export const behaviourChanges: readonly BehaviourChange[] = [
  // ~: opened on 18 August, build 10524 was of the 21st.
  { build: 10600, merged: '2026-08', source: 'llama.cpp #27301, #25952', before: { keepsFusedExperts: false } },
  // ~: opened on 5 June.
  { build: 9600, merged: '2026-06', source: 'llama.cpp #24216', before: { splitBuffers: true } },
  { build: 9489, merged: '2026-06-04', source: 'llama.cpp #23907', before: { reservesConvertedCache: false } },
  // ~: opened the day after the next one was merged.
  { build: 9450, merged: '2026-06', source: 'llama.cpp #23861', before: { limitsOutputs: false } },
  { build: 9410, merged: '2026-05-28', source: 'llama.cpp #23764', before: { halfMask: false } },
  // ~: merged on 1 April; build 8807 was of the middle of that month.
  { build: 8620, merged: '2026-04-01', source: 'llama.cpp #21038', before: { rotatesQuantizedCache: false } },
  {
    build: 6980,
    merged: '2025-11-07',
    source: 'llama.cpp #17046, after #16812',
    before: { cellPadding: { flashAttention: 256, plain: 32 } },
  },
  { build: 5920, merged: '2025-07-16', source: 'llama.cpp #14363', before: { separateStreams: false } },
  { build: 5440, merged: '2025-05-20', source: 'llama.cpp #13194', before: { windowedCache: false } },
]

/** The behaviour of a build, today's where none is named: every later change is taken back. */
export function behaviourOf(build: number | undefined): AllocationBehaviour {
  if (build === undefined) return today
  const known = byBuild.get(build)
  if (known) return known
  const later = behaviourChanges.filter((change) => change.build > build)
  const behaviour = later.reduce((all, { before }) => ({ ...all, ...before }), today)
  byBuild.set(build, behaviour)
  return behaviour
}

const byBuild = new Map<number, AllocationBehaviour>()
