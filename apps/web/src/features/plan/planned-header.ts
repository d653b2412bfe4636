import type { Exl2Model, GgufHeader } from '@berth/core'

/** What a model is planned by: the header of a GGUF file, or what a folder of EXL2 or EXL3 was described as. */
export type PlannedHeader = GgufHeader | Exl2Model

export const isFolder = (header: PlannedHeader): header is Exl2Model => 'quantization' in header
