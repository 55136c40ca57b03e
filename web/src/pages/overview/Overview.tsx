import { PageHeader } from '../../parts/PageHeader.tsx';
import { Of } from '../../parts/States.tsx';
import { useStatus } from '../../queries.ts';
import { many } from '../../words.ts';

export function Overview() {
  const answer = useStatus();
  return (
    <Of answer={answer} what="The state of the service">
      {({ alerts }) => <PageHeader title="Overview">{many(alerts.open, 'alert')} open</PageHeader>}
    </Of>
  );
}
