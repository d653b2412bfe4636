import type { SafetensorsTensor } from './header.ts'
import type { Exl2Linear, StoredTensor } from './model.ts'
import { Exl2Refusal } from './refusal.ts'

/** Rows and columns of one tile of an EXL3 trellis (`LinearEXL3`). */
export const TRELLIS_TILE = 16

/**
 * A matrix from its tensors, or undefined where they are no matrix: a norm, a bias of its own, a position.
 *
 * EXL2: `q_weight` has a column an output and `q_invperm` an entry an input (`make_q_matrix`, exllamav2/ext.py).
 * EXL3: `trellis` has 16 x 16 tiles of 16 x K 16-bit words (`LinearEXL3`, exllamav3/modules/quant/exl3.py).
 *
 * @throws Exl2Refusal `missing-tensor`, `bad-shape`
 */
export function linearOf(role: string, tensors: readonly SafetensorsTensor[]): Exl2Linear | undefined {
  const named = (suffix: string): SafetensorsTensor | undefined =>
    tensors.find(({ name }) => name.endsWith(`.${suffix}`))
  const stored = tensors.map(storedTensor)
  const weight = named('q_weight')
  if (weight !== undefined) {
    const permutation = named('q_invperm')
    if (permutation === undefined) throw missingBeside(weight, 'q_invperm')
    const [, outFeatures] = shapeOf(weight, 2, 'rows x outputs')
    const [inFeatures] = shapeOf(permutation, 1, 'one entry an input')
    return { role, count: 1, format: 'exl2', inFeatures: inFeatures!, outFeatures: outFeatures!, tensors: stored }
  }
  const trellis = named('trellis')
  if (trellis !== undefined) {
    const [rows, columns] = shapeOf(trellis, 3, 'tiles x tiles x words')
    const [inFeatures, outFeatures] = [rows! * TRELLIS_TILE, columns! * TRELLIS_TILE]
    return { role, count: 1, format: 'exl3', inFeatures, outFeatures, tensors: stored }
  }
  const plain = named('weight')
  if (plain?.shape.length !== 2 || /norm(?:\.|$)/.test(role)) return undefined
  const [outFeatures, inFeatures] = plain.shape
  return { role, count: 1, format: 'plain', inFeatures: inFeatures!, outFeatures: outFeatures!, tensors: stored }
}

const storedTensor = ({ name, bytes, shape }: SafetensorsTensor): StoredTensor => ({
  suffix: name.slice(name.lastIndexOf('.') + 1),
  bytes,
  elements: shape.reduce((product, size) => product * size, 1),
})

const missingBeside = ({ name }: SafetensorsTensor, suffix: string): Exl2Refusal =>
  new Exl2Refusal({ code: 'missing-tensor', tensor: `${name.slice(0, name.lastIndexOf('.') + 1)}${suffix}` })

function shapeOf({ name, shape }: SafetensorsTensor, dimensions: number, expected: string): readonly number[] {
  if (shape.length === dimensions && shape.every((size) => size > 0)) return shape
  throw new Exl2Refusal({ code: 'bad-shape', tensor: name, shape, expected })
}
