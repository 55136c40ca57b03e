import { Drawer as MantineDrawer } from '@mantine/core';
import type { ReactNode } from 'react';
import '@mantine/core/styles/Drawer.css';
import '@mantine/core/styles/ModalBase.css';
import '@mantine/core/styles/Overlay.css';
import '@mantine/core/styles/CloseButton.css';

interface DrawerProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly title: string;
  /** The sentence below the title. */
  readonly about?: ReactNode;
  /** One main button, and what leaves without doing anything. */
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** Keeps the focus, and gives it back. */
export function Drawer({ isOpen, onClose, title, about, foot, children }: DrawerProps) {
  return (
    <MantineDrawer.Root opened={isOpen} onClose={onClose} position="right" size={600}>
      <MantineDrawer.Overlay />
      <MantineDrawer.Content className="drawer">
        <MantineDrawer.Header className="drawer-head">
          <div className="grow">
            <MantineDrawer.Title component="h2">{title}</MantineDrawer.Title>
            {about === undefined ? null : <p>{about}</p>}
          </div>
          <MantineDrawer.CloseButton aria-label="Close" />
        </MantineDrawer.Header>
        <MantineDrawer.Body className="drawer-body">{children}</MantineDrawer.Body>
        {foot === undefined ? null : <footer className="drawer-foot">{foot}</footer>}
      </MantineDrawer.Content>
    </MantineDrawer.Root>
  );
}
