import { ButtonLink } from '../parts/Button.tsx';
import { Empty } from '../parts/States.tsx';

export function Gone() {
  return (
    <Empty kind="search" title="There is no such page" action={<ButtonLink to="/">To the overview</ButtonLink>}>
      The link is cut off, or the page has another name in this version.
    </Empty>
  );
}
