'use client'

import { Button } from '@berth/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import { Menu } from 'lucide-react'
import { useState } from 'react'
import { NavigationList } from './navigation-list.tsx'

export function MenuButton() {
  const [open, setOpen] = useState(false)
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="ghost" size="icon" aria-label="Menu">
          <Menu aria-hidden />
        </Button>
      </DialogTrigger>
      <DialogContent title="Berth" shape="left">
        <NavigationList onNavigate={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  )
}
