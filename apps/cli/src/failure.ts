/** Something the person can mend: a wrong option, an unreadable file. Its message is the whole line after `error: `. */
export class Failure extends Error {
  override readonly name = 'Failure'
}

/** The codes of Node's file errors worth words of their own. */
const fileProblems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder',
  ENAMETOOLONG: 'the name is too long',
  ELOOP: 'its links go round in circles',
  EMFILE: 'too many files are open',
}

/** Why a file could not be read, for a sentence that already names it. */
export function fileProblem(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  return fileProblems[code] ?? (error instanceof Error ? error.message : String(error))
}

/** Control and direction-changing characters, which a terminal would obey. */
const unprintable = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu

/** Text from a file or from the command line, safe on a terminal and short enough for one line. */
export function printable(text: string, limit = 200): string {
  const clean = text.replaceAll(unprintable, ' ')
  return clean.length > limit ? `${clean.slice(0, limit)}…` : clean
}
