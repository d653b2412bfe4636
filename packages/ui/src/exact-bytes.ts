import { type Bytes, groupThousands } from '@berth/core'

/** The figure behind the figure: every byte, grouped. */
export const exactBytes = (size: Bytes): string => `${groupThousands(size)} bytes`
