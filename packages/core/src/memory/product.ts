/** Bytes as the product they are, so that what computes a figure can also show how. */
export interface Product {
  readonly what: string
  readonly factors: readonly number[]
}

export const productBytes = ({ factors }: Product): number => factors.reduce((product, factor) => product * factor, 1)

export const productsBytes = (products: readonly Product[]): number =>
  products.reduce((sum, product) => sum + productBytes(product), 0)

/** The products with the largest sum; the first of several. Nothing of nothing. */
export const largestProducts = (candidates: readonly (readonly Product[])[]): readonly Product[] =>
  candidates.reduce((most, one) => (productsBytes(one) > productsBytes(most) ? one : most), [])
