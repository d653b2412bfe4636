import { type Bytes, bytes, sumBytes, type Tokens, tokens } from '../units.ts'
import { exl2CacheTensors, exl2CacheWorkTensors } from './cache.ts'
import { exl3CacheTensors } from './exllamav3/cache.ts'
import { exl3Modules } from './exllamav3/modules.ts'
import { exl3CacheBits } from './exl3-cache-bits.ts'
import { exl3Settings } from './exllamav3/settings.ts'
import type { Exl2Model } from './model.ts'
import { exl2Modules } from './modules.ts'
import { type Exl2CacheMode, exl2CacheModes, exl2Settings } from './settings.ts'
import { runBytes } from './tensor-run.ts'

/** A kind of module, all blocks together. */
export interface Exl2PartFigure {
  readonly name: 'embedding' | 'attention' | 'feed-forward' | 'norm' | 'head'
  /** In the files. */
  readonly stored: Bytes
  /** Once it is loaded; of the embedding on the host, of all others on the GPUs. */
  readonly loaded: Bytes
}

/** What a cache takes for a sequence as long as the model was trained for. */
export interface Exl2CacheFigure {
  readonly mode: Exl2CacheMode
  readonly bytesPerToken: number
  /** Without what a quantized one keeps besides to work on. */
  readonly trained: Bytes
  /** Once on every GPU with a block of the model. */
  readonly work: Bytes
}

export interface Exl2Figures {
  readonly parts: readonly Exl2PartFigure[]
  /** Of each block, loaded. */
  readonly blocks: readonly Bytes[]
  readonly caches: readonly Exl2CacheFigure[]
}

/** What a model takes, part by part and cache by cache, whatever it runs on. Exact where its placement is. */
export function exl2Figures(model: Exl2Model): Exl2Figures {
  const modules = model.quantization.format === 'exl2' ? exl2Modules(model) : exl3Modules(model)
  const loadedOf = (kinds: readonly string[]): Bytes =>
    sumBytes(modules.filter(({ kind }) => kinds.includes(kind)).map(({ resident }) => runBytes(resident)))
  const storedOf = (parts: readonly { readonly bytes: Bytes }[]): Bytes => sumBytes(parts.map((part) => part.bytes))
  const blocks = model.blocks.map((_, block) =>
    sumBytes(modules.filter((module) => module.block === block).map(({ resident }) => runBytes(resident))),
  )
  const attention = storedOf(model.blocks.map((block) => block.attention))
  const feedForward = storedOf(model.blocks.map((block) => block.feedForward))
  const whole = modules.some(({ kind }) => kind === 'block' || kind === 'parallel')
  // Where a block loads as a whole, what loading adds is not told apart: the files' shares stand for it.
  const share = whole ? attention / (attention + feedForward) : undefined
  const inBlocks = sumBytes(blocks)
  const loadedAttention = share === undefined ? loadedOf(['attention']) : bytes(Math.round(inBlocks * share))
  return {
    parts: [
      { name: 'embedding', stored: model.embedding.bytes, loaded: loadedOf(['embedding']) },
      { name: 'attention', stored: attention, loaded: loadedAttention },
      { name: 'feed-forward', stored: feedForward, loaded: bytes(inBlocks - loadedAttention) },
      { name: 'norm', stored: model.outputNorm.bytes, loaded: loadedOf(['norm']) },
      { name: 'head', stored: model.head.bytes, loaded: loadedOf(['head']) },
    ],
    blocks,
    caches: exl2CacheModes
      .filter((mode) => model.quantization.format === 'exl2' || mode !== 'FP8')
      .map((mode) => cacheFigure(model, mode)),
  }
}

function cacheFigure(model: Exl2Model, mode: Exl2CacheMode): Exl2CacheFigure {
  const per = (length: Tokens): Bytes => sumBytes(cacheTensors(model, mode, length))
  return {
    mode,
    bytesPerToken: per(PAGE) / PAGE,
    trained: per(model.contextLengthTrained),
    work: workOf(model, mode),
  }
}

/** A whole page, so that rounding up to one changes nothing. */
const PAGE = tokens(256)

function cacheTensors(model: Exl2Model, mode: Exl2CacheMode, length: Tokens): readonly Bytes[] {
  if (model.quantization.format === 'exl2') {
    const settings = exl2Settings(length, { cacheMode: mode })
    return model.blocks.flatMap((_, block) => exl2CacheTensors(model, settings, block))
  }
  const cacheBits = exl3CacheBits[mode]
  const settings = exl3Settings(length, cacheBits && { cacheBits })
  return model.blocks.flatMap((_, block) => exl3CacheTensors(model, settings, block))
}

function workOf(model: Exl2Model, mode: Exl2CacheMode): Bytes {
  if (model.quantization.format !== 'exl2') return bytes(0)
  return sumBytes(exl2CacheWorkTensors(model, exl2Settings(model.contextLengthTrained, { cacheMode: mode })))
}
