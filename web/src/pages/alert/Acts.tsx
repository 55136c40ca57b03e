import { Menu } from '@mantine/core';
import '@mantine/core/styles/Menu.css';
import { IconDots, IconExternalLink, IconPrinter } from '@tabler/icons-react';
import { useMemo } from 'react';
import type { AlertItem } from '../../../../src/api/contract.ts';
import { act } from '../../alerts.ts';
import { Button, IconButton } from '../../parts/Button.tsx';
import { useUser, useWhyNot } from '../../session.ts';
import { failed, told } from '../../told.ts';

export type VerdictWord = NonNullable<AlertItem['verdict']>;

export interface AlertActs {
  readonly can: boolean;
  readonly whyNot: string | null;
  readonly acknowledge: () => void;
  /** @param verdict null: it is left open what it was */
  readonly resolve: (verdict: VerdictWord | null) => void;
  readonly reopen: () => void;
  readonly assignToMe: () => void;
  /** @returns whether it was kept */
  readonly comment: (text: string) => Promise<boolean>;
}

/** What can be done with one alert. */
export function useActs({ id, status }: AlertItem): AlertActs {
  const whyNot = useWhyNot('act');
  const name = useUser()?.name ?? '';
  return useMemo(() => {
    const run = async (done: string, doing: () => Promise<AlertItem>): Promise<boolean> => {
      try {
        await doing();
        told(done);
        return true;
      } catch (error) {
        failed('Not done', error);
        return false;
      }
    };
    return {
      can: whyNot === null,
      whyNot,
      acknowledge: () => void (status === 'open' && run('Acknowledged', () => act(id, 'acknowledge', {}))),
      resolve: (verdict) =>
        void (status !== 'resolved' && run('Resolved', () => act(id, 'resolve', verdict === null ? {} : { verdict }))),
      reopen: () => void run('Open again', () => act(id, 'reopen', {})),
      assignToMe: () => void run('Assigned to you', () => act(id, 'assign', { assignee: name })),
      comment: (text) => run('Comment kept', () => act(id, 'comment', { text })),
    };
  }, [id, status, whyNot, name]);
}

interface ActsProps {
  readonly alert: AlertItem;
  readonly acts: AlertActs;
  readonly onException: () => void;
}

export function Acts({ alert, acts, onException }: ActsProps) {
  const { whyNot } = acts;
  const portal = portalOf(alert);
  return (
    <div className="acts no-print">
      {alert.status === 'open' ? (
        <Button look="main" hint="A" whyNot={whyNot} onClick={acts.acknowledge}>
          Acknowledge
        </Button>
      ) : null}
      {alert.status === 'resolved' ? (
        <Button whyNot={whyNot} onClick={acts.reopen}>
          Open again
        </Button>
      ) : (
        <Button
          look={alert.status === 'acknowledged' ? 'main' : 'plain'}
          hint="R"
          whyNot={whyNot}
          onClick={() => acts.resolve(null)}
        >
          Resolve
        </Button>
      )}
      <Button whyNot={whyNot} onClick={acts.assignToMe}>
        Assign to me
      </Button>
      <Button whyNot={whyNot} onClick={onException}>
        Make an exception
      </Button>
      <span className="sep" />
      {portal === null ? null : (
        <a className="btn btn-quiet" href={portal} target="_blank" rel="noreferrer">
          <IconExternalLink size={16} stroke={1.6} aria-hidden="true" /> Open the account in Azure
        </a>
      )}
      <Button look="quiet" onClick={() => window.print()}>
        <IconPrinter size={16} stroke={1.6} aria-hidden="true" /> Print
      </Button>
    </div>
  );
}

/** On a phone: one bar in place of the pages. */
export function ActBar({ alert, acts, onException }: ActsProps) {
  const { whyNot } = acts;
  const isOpen = alert.status === 'open';
  return (
    <div className="actbar no-print">
      {isOpen ? (
        <Button look="main" whyNot={whyNot} onClick={acts.acknowledge}>
          Acknowledge
        </Button>
      ) : alert.status === 'acknowledged' ? (
        <Button look="main" whyNot={whyNot} onClick={() => acts.resolve(null)}>
          Resolve
        </Button>
      ) : (
        <Button whyNot={whyNot} onClick={acts.reopen}>
          Open again
        </Button>
      )}
      <Menu position="top-end" width={240} shadow="md">
        <Menu.Target>
          <IconButton label="More to do" className="btn">
            <IconDots size={20} stroke={1.6} />
          </IconButton>
        </Menu.Target>
        <Menu.Dropdown>
          {isOpen ? (
            <Menu.Item disabled={whyNot !== null} onClick={() => acts.resolve(null)}>
              Resolve
            </Menu.Item>
          ) : null}
          <Menu.Item disabled={whyNot !== null} onClick={acts.assignToMe}>
            Assign to me
          </Menu.Item>
          <Menu.Item disabled={whyNot !== null} onClick={onException}>
            Make an exception
          </Menu.Item>
          <Menu.Item onClick={() => window.print()}>Print</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </div>
  );
}

/** Only an id of Azure's form becomes an address. */
function portalOf({ account }: AlertItem): string | null {
  if (account === null || !/^\/subscriptions\/[\w\-./()]+$/i.test(account)) return null;
  return `https://portal.azure.com/#@/resource${account}/overview`;
}
