import { expect, it } from 'vitest'
import { axesOf } from './matrix-axes.ts'
import { exportedCells, writeCellsCsv } from './matrix-export.ts'
import { surveyFixture } from './matrix-fixture.ts'
import { countsOf, matrixTable } from './matrix-table.ts'

const shownOf = (survey: typeof surveyFixture) => {
  const table = matrixTable(survey, new Map(), 0)
  const axes = axesOf(table, countsOf(table), {
    ...{ rows: 'models', show: [], sort: 'name', by: null },
    ...{ order: 'name', turned: [], wide: ['id-lab-2'] },
  })
  return exportedCells(axes, table)
}

it('writes a line for every file and machine, folded or not, and no machine twice', () => {
  const lines = writeCellsCsv(shownOf(surveyFixture)).split('\r\n')
  expect(lines).toHaveLength(1 + 3 * 4 + 1)
  expect(lines.slice(0, 4)).toEqual([
    'model,file,mix,weightBytes,machine,machineId,verdict,headroomBytes,exact',
    'Alone,Alone Q4_K_M,Q4_K_M,5368709120,lab-1,id-lab-1,Refused,,false',
    'Alone,Alone Q4_K_M,Q4_K_M,5368709120,lab-2,id-lab-2,Fits,18253611008,false',
    'Alone,Alone Q4_K_M,Q4_K_M,5368709120,lab-3,id-lab-3,Fits,18253611008,false',
  ])
})

it.each([
  ['a, "b"', '"a, ""b"""'],
  ['=1+1', "'=1+1"],
  ['@x', "'@x"],
  ['-x', "'-x"],
])('writes the name %s as %s', (modelName, written) => {
  const survey = { ...surveyFixture, files: surveyFixture.files.map((file) => ({ ...file, modelName })) }
  expect(writeCellsCsv(shownOf(survey)).split('\r\n')[1]!.startsWith(`${written},`)).toBe(true)
})
