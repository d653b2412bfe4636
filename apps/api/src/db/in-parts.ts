/** SQLite takes 999 parameters in a statement, and others stand beside the ids. */
const AT_ONCE = 500

/** Reads what has one of these ids, some ids a statement. */
export async function inParts<Row>(
  ids: readonly string[],
  read: (part: string[]) => Promise<readonly Row[]>,
): Promise<readonly Row[]> {
  const rows: Row[] = []
  for (let from = 0; from < ids.length; from += AT_ONCE) rows.push(...(await read(ids.slice(from, from + AT_ONCE))))
  return rows
}
