/**
 * The hosts of a Slurm host list: `gpu[01-03,07],login` is gpu01, gpu02, gpu03, gpu07 and login. At most `limit` + 1 of
 * them, so that one too many can be told; undefined when the list cannot be read.
 */
export function expandHostList(text: string, limit: number): readonly string[] | undefined {
  const hosts: string[] = []
  for (const part of text.match(/(?:[^,[]|\[[^\]]*\])+/g) ?? []) {
    const match = /^([^[\]]*)(?:\[([\d,-]+)\])?([^[\]]*)$/.exec(part)
    if (match === null) return undefined
    const numbers = match[2] === undefined ? [''] : expandNumbers(match[2], limit)
    if (numbers === undefined) return undefined
    for (const number of numbers) {
      if (hosts.length > limit) return hosts
      hosts.push(`${match[1]!}${number}${match[3]!}`)
    }
  }
  return hosts
}

/** `01-03,07`, with its leading zeros. */
export function expandNumbers(text: string, limit: number): readonly string[] | undefined {
  const numbers: string[] = []
  for (const range of text.split(',')) {
    const match = /^(\d{1,9})(?:-(\d{1,9}))?$/.exec(range)
    if (match === null) return undefined
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])]
    for (let number = first; number <= last && numbers.length <= limit; number += 1) {
      numbers.push(String(number).padStart(match[1]!.length, '0'))
    }
  }
  return numbers
}
