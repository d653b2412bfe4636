'use client'

import { Badge } from '@berth/ui/badge'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { TokenView } from '../../trpc/types.ts'
import { useNow, When } from '../shell/when.tsx'
import { RevokeToken } from './revoke-token.tsx'
import { TokenForm } from './token-form.tsx'

/** The tokens by which machines report themselves. */
export function RegistrationTokens({ tokens }: { readonly tokens: readonly TokenView[] }) {
  return (
    <Card>
      <CardHeader
        title="Registration tokens"
        description="By one of these a machine may report itself, and do nothing else. Only a hash of each is kept."
      />
      <CardBody className="grid gap-5">
        <TokenForm />
        {tokens.length === 0 ? (
          <p className="text-sm text-secondary">
            No token yet. Make one, then{' '}
            <Link href={paths.machineByScript()} className="rounded-sm text-accent underline">
              run the script
            </Link>{' '}
            on a machine.
          </p>
        ) : (
          <TokenTable tokens={tokens} />
        )}
      </CardBody>
    </Card>
  )
}

function TokenTable({ tokens }: { readonly tokens: readonly TokenView[] }) {
  return (
    <Table label="Registration tokens" cards flush>
      <TableHead>
        <TableRow>
          <TableHeading>Name</TableHeading>
          <TableHeading>Made</TableHeading>
          <TableHeading>Last used</TableHeading>
          <TableHeading>Expires</TableHeading>
          <TableHeading>
            <span className="sr-only">Actions</span>
          </TableHeading>
        </TableRow>
      </TableHead>
      <TableBody>
        {tokens.map((token) => (
          <TableRow key={token.id}>
            <TableRowHeading className="break-words">{token.name}</TableRowHeading>
            <TableCell data-label="Made" className="text-secondary">
              <When time={token.createdAt} />
            </TableCell>
            <TableCell data-label="Last used" className="text-secondary">
              {token.lastUsedAt === null ? 'never' : <When time={token.lastUsedAt} />}
            </TableCell>
            <TableCell data-label="Expires" className="text-secondary">
              <Expiry expiresAt={token.expiresAt} />
            </TableCell>
            <TableCell className="text-right">
              <RevokeToken token={token} />
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

function Expiry({ expiresAt }: Pick<TokenView, 'expiresAt'>) {
  const now = useNow()
  if (expiresAt === null) return 'never'
  if (now !== undefined && Date.parse(expiresAt) <= now) return <Badge tone="bad">expired</Badge>
  return <time dateTime={expiresAt}>{expiresAt.slice(0, 10)}</time>
}
