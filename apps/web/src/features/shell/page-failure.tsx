'use client'

import { Button } from '@berth/ui/button'
import { Callout } from '@berth/ui/callout'
import { RotateCw } from 'lucide-react'
import { Page } from './page.tsx'

export interface PageFailureProps {
  readonly error: Error & { readonly digest?: string }
  readonly reset: () => void
}

/** What a page shows when it cannot be shown, and the way to try again. */
export function PageFailure({ title, error, reset }: PageFailureProps & { readonly title: string }) {
  return (
    <Page title={title}>
      <Callout
        tone="error"
        title="This page could not be loaded."
        actions={
          <Button size="sm" onClick={reset}>
            <RotateCw aria-hidden /> Try again
          </Button>
        }
      >
        <p>
          The server did not answer as expected. Nothing was changed. If it stays so, the server’s log says why
          {error.digest ? (
            <>
              {' '}
              beside the number <code className="font-mono">{error.digest}</code>
            </>
          ) : null}
          .
        </p>
      </Callout>
    </Page>
  )
}
