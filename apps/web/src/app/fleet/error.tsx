'use client'

import { PageFailure, type PageFailureProps } from '../../features/shell/page-failure.tsx'

export default function Failure(props: PageFailureProps) {
  return <PageFailure title="Fleet matrix" {...props} />
}
