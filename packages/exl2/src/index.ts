export { type Exl2Address, folderSource, mayBeHubFolder, namesRevision, parseExl2Address } from './address.ts'
export { Exl2Error, isExl2Error, isNoFolder } from './errors.ts'
export type { Exl2ErrorCode, Exl2Issue } from './issue.ts'
export { type Exl2File, type Exl2Folder, readExl2, type ReadExl2Options } from './read-exl2.ts'
