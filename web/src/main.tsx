import { MantineProvider } from '@mantine/core';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import './theme/fonts.css';
import './theme/tokens.css';
import './theme/base.css';
import './theme/parts.css';
import './shell/shell.css';
import { Notifications } from '@mantine/notifications';
import '@mantine/core/styles/Notification.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/notifications/styles.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { listenForKeys } from './keys/keys.ts';
import { Tip } from './parts/Tip.tsx';
import { queries } from './queries.ts';
import { router } from './router.ts';
import { session } from './session.ts';
import { useIsDark } from './shell/ThemeButton.tsx';
import { mantineTheme, variables } from './theme/theme.ts';

function App() {
  const isDark = useIsDark();
  useEffect(listenForKeys, []);
  // Whoever is signed out, or in, while a page is open, goes where they belong.
  useEffect(() => session.subscribe(() => void router.invalidate()), []);
  return (
    <MantineProvider theme={mantineTheme} cssVariablesResolver={variables} forceColorScheme={isDark ? 'dark' : 'light'}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
        <Notifications position="bottom-right" autoClose={8000} limit={3} />
        <Tip />
      </QueryClientProvider>
    </MantineProvider>
  );
}

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
