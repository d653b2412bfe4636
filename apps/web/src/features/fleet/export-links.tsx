import { Button } from '@berth/ui/button'
import { Download } from 'lucide-react'
import { paths } from '../../paths.ts'

/** Files of machines that an import reads again. */
export function ExportLinks({ query, size = 'md' }: { readonly query: string; readonly size?: 'sm' | 'md' }) {
  return (['csv', 'json'] as const).map((format) => (
    <Button key={format} asChild size={size}>
      <a
        href={paths.machinesExport(`format=${format}${query && `&${query}`}`)}
        download
        data-tip="An import reads it again. To edit many machines in a table, keep machine.name and the columns that you change."
      >
        <Download aria-hidden /> {format.toUpperCase()}
      </a>
    </Button>
  ))
}
