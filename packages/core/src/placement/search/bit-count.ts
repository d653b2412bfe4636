/** Members of a set of devices, or of anything that has less than 32. */
export function bitCount(set: number): number {
  let count = 0
  for (let rest = set; rest !== 0; rest &= rest - 1) count++
  return count
}
