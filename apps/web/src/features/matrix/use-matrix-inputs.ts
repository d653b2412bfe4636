'use client'

import { useQueryStates } from 'nuqs'
import { inputOptions } from '../plan/use-plan-inputs.ts'
import { matrixParsers } from './matrix-inputs.ts'

export const useMatrixInputs = () => useQueryStates(matrixParsers, inputOptions)
