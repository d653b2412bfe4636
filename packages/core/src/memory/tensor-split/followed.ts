import { blockOfTensor } from '../../header/tensor-names.ts'
import type { Model } from '../../model/model.ts'
import { roleOf } from './roles.ts'

/**
 * Whether a cache or a tensor would be cut as a matrix of its block that is not loaded, where
 * `llama_meta_device_get_split_state` aborts: blocks that run again, and speculative ones of which only a part is there.
 */
export function followsUnloaded(model: Model): boolean {
  const speculative = new Set(model.speculativeTensors.map(({ name }) => name))
  const isLoaded = (name: string): boolean =>
    model.tensors.has(name) && (blockOfTensor(name)! < model.runBlockCount || speculative.has(name))
  const isCut = (il: number, stem: string): boolean => {
    const follows = roleOf(stem)?.follows ?? []
    const isOwn = model.weightBlock[il] === il
    return follows.length > 0 && !(isOwn && follows.some((name) => isLoaded(`blk.${il}.${name}`)))
  }
  return (
    model.contexts.some(({ kind }, il) => (kind === 'attention' || kind === 'latent') && isCut(il, 'cache_k')) ||
    model.speculativeTensors.some(({ name }) => {
      const il = blockOfTensor(name)!
      return isCut(il, name.slice(`blk.${il}.`.length))
    })
  )
}
