import { notifications } from '@mantine/notifications';
import { errorOf } from './api.ts';

/** Says what somebody has just done, never what happened by itself. */
export function told(message: string): void {
  notifications.show({ message, withCloseButton: true });
}

/** What could not be done, with the cure. */
export function failed(what: string, error: unknown): void {
  const { message, cure, isOffline } = errorOf(error);
  const why = isOffline ? 'No connection to cosmowatch.' : `${message}. ${cure ?? ''}`;
  notifications.show({ title: what, message: why, color: 'red', withCloseButton: true, autoClose: 15_000 });
}
