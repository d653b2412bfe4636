import type { Milp } from '@berth/core'
import type { Highs, ModelData } from 'highs'

/** As HiGHS takes it, without an objective. */
export function modelData({ columns, rows }: Milp, { constants }: Highs): ModelData {
  const { integer, continuous } = constants.variableType
  const starts = [0]
  for (const { terms } of rows) starts.push(starts.at(-1)! + terms.length)
  const terms = rows.flatMap((row) => row.terms)
  return {
    numCols: columns.length,
    numRows: rows.length,
    colCost: new Float64Array(columns.length),
    colLower: columns.map(({ lower }) => lower),
    colUpper: columns.map(({ upper }) => upper),
    rowLower: rows.map(({ lower }) => lower),
    rowUpper: rows.map(({ upper }) => upper),
    integrality: columns.map((column) => (column.integer ? integer : continuous)),
    matrix: {
      format: 'csr',
      numRows: rows.length,
      numCols: columns.length,
      starts,
      indices: terms.map(({ column }) => column),
      values: terms.map(({ coefficient }) => coefficient),
    },
  }
}
