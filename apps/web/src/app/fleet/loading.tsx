import { PageSkeleton } from '../../features/shell/page-skeleton.tsx'

export default function Loading() {
  return <PageSkeleton title="Fleet matrix" wide />
}
