import { Menu } from '@mantine/core';
import '@mantine/core/styles/Menu.css';
import '@mantine/core/styles/Popover.css';
import { IconHelp, IconSearch, IconUser } from '@tabler/icons-react';
import { IconButton } from '../parts/Button.tsx';
import { signOut, useUser } from '../session.ts';
import { Brand } from './Brand.tsx';
import { LiveState } from './LiveState.tsx';
import { ThemeButton } from './ThemeButton.tsx';

interface TopProps {
  readonly onFind: () => void;
  readonly onHelp: () => void;
}

export function Top({ onFind, onHelp }: TopProps) {
  return (
    <header className="top">
      <Brand />
      <button type="button" className="find" onClick={onFind} aria-label="Find an account, actor, address, alert">
        <IconSearch size={16} stroke={1.6} aria-hidden="true" />
        <span className="grow">Find an account, actor, address, alert</span>
        <kbd>Ctrl K</kbd>
      </button>
      <span className="grow hide-phone" />
      <LiveState />
      <ThemeButton />
      <IconButton label="Keys" className="hide-phone" onClick={onHelp}>
        <IconHelp size={19} stroke={1.6} />
      </IconButton>
      <You />
    </header>
  );
}

function You() {
  const user = useUser();
  return (
    <Menu position="bottom-end" width={240} shadow="md">
      <Menu.Target>
        <IconButton label="You" className="hide-phone">
          <IconUser size={19} stroke={1.6} />
        </IconButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user?.name}, {user?.role}
        </Menu.Label>
        <Menu.Item onClick={() => void signOut(false)}>Sign out</Menu.Item>
        <Menu.Item onClick={() => void signOut(true)}>Sign out everywhere</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
