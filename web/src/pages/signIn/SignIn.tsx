import { PageHeader } from '../../parts/PageHeader.tsx';

export function SignIn() {
  return <PageHeader title="Sign in" />;
}
