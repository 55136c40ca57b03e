import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Console,
  openBrowser,
  pushTheft,
  type Receiver,
  settled,
  signedIn,
  startConsole,
  startReceiver,
  tunedConfig,
  violations,
  WHY_NOT,
} from './console.test-support.ts';

/* The main task of each page, done by a browser in a real service with a simulated night; and what axe finds on each page. */

const PAGES = [
  '/accounts',
  '/accounts/orders-prod',
  '/rules',
  '/rules/cosmosdb_network_access_changed',
  '/sources',
  '/receivers',
  '/exceptions',
  '/silences',
  '/settings',
  '/settings?part=roles',
  '/settings?part=tokens',
  '/settings?part=retention',
  '/settings?part=audit',
  '/settings?part=about',
];

describe.skipIf(WHY_NOT !== null)(`the pages of the console${WHY_NOT === null ? '' : `: ${WHY_NOT}`}`, () => {
  let receiver: Receiver;
  let service: Console;
  let browser: Browser;

  beforeAll(async () => {
    receiver = await startReceiver();
    [service, browser] = await Promise.all([startConsole(tunedConfig(receiver.port)), openBrowser()]);
    await pushTheft(service);
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
    receiver?.close();
  });

  async function open(path: string): Promise<Page> {
    const page = await signedIn(browser, service);
    await page.goto(path);
    await settled(page);
    return page;
  }

  describe.each([
    { width: 1440, scheme: 'light' },
    { width: 1440, scheme: 'dark' },
    { width: 390, scheme: 'light' },
    { width: 390, scheme: 'dark' },
  ] as const)('at $width px, $scheme', (look) => {
    let page: Page;
    const errors: string[] = [];
    beforeAll(async () => {
      page = await signedIn(browser, service, look);
      page.on('pageerror', (error) => errors.push(error.message));
    });
    afterAll(() => page?.context().close());

    it.each(PAGES)('%s: axe finds nothing, and nothing is wider than the screen', async (path) => {
      await page.goto(path);
      await settled(page);
      expect(await violations(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
      expect(errors.splice(0)).toEqual([]);
    });
  });

  describe('accounts', () => {
    it('the worst stands first, and its page says what happened to it and what rules can fire', async () => {
      const page = await open('/accounts');
      const first = page.locator('.account-card').first();
      expect(await first.textContent()).toContain('Critical');
      await first.locator('h2 a').click();
      await page.getByRole('heading', { name: 'Key figures' }).waitFor();
      await page.getByRole('button', { name: '7 d' }).click();
      await page.waitForURL(/last=7d/);
      await page.locator('.figure-plot canvas').first().waitFor();
      expect(await page.locator('.figure-plot').count()).toBe(6);
      expect(await page.getByRole('list', { name: 'Alerts in this time' }).textContent()).toContain('Critical');
      expect(await page.getByRole('table', { name: 'Rules that can fire' }).textContent()).toContain(
        'cosmosdb_item_deleted',
      );
      expect(await page.getByRole('table', { name: 'Actors and addresses' }).textContent()).toContain('terraform-ci');
      await page.context().close();
    });
  });

  describe('rules', () => {
    it('a technique narrows the list, and what is off says why', async () => {
      const page = await open('/rules');
      await page.getByRole('button', { name: /T1555\.006/ }).click();
      await page.waitForURL(/technique=T1555\.006/);
      const table = await page.getByRole('table', { name: 'Rules' }).textContent();
      expect(table).toContain('team-orders reviews it in December');
      expect(table).not.toContain('cosmosdb_item_deleted');
      await page.context().close();
    });

    it('a change is linted, tested and tried against the rule as it runs', async () => {
      const page = await open('/rules/cosmosdb_network_access_changed');
      await page.getByText('Nothing is wrong with it.').waitFor();
      await page.getByRole('button', { name: 'Run the tests' }).click();
      await page.getByText('11 of 11 pass').waitFor();
      await page.locator('.cm-content').click();
      await page.keyboard.press('Control+Home');
      await page.keyboard.type('colour: red\n');
      await page
        .getByText(/Line 1, column/)
        .first()
        .waitFor();
      await page.getByRole('button', { name: 'Discard the draft' }).click();
      await page.getByText('event.action: cosmosdb.account.setting_changed').first().click();
      await page.keyboard.press('End');
      await page.keyboard.type('x');
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByText('− removed').first().waitFor();
      await page.context().close();
    });
  });

  describe('sources', () => {
    it('says what was taken, and gives what an account needs', async () => {
      const page = await open('/sources');
      expect(await page.getByRole('table', { name: 'Sources' }).textContent()).toContain('Reading');
      await page.getByRole('combobox', { name: 'Account' }).selectOption('orders-prod');
      await page.getByRole('button', { name: 'Terraform' }).click();
      await page.getByText('azure/main.tf').waitFor();
      expect(await page.locator('.guide pre').first().textContent()).toContain('orders-prod');
      await page.context().close();
    });
  });

  describe('receivers', () => {
    it('says which fails, where an alert would go, and sends a test', async () => {
      const page = await open('/receivers');
      expect(await page.getByRole('alert').textContent()).toContain('this address no longer exists');
      const pick = page.getByRole('combobox', { name: 'Alert', exact: true });
      await pick.locator('option').nth(1).waitFor({ state: 'attached' });
      await pick.selectOption({ index: 1 });
      await page.getByRole('combobox', { name: 'As if its level were' }).selectOption('low');
      await page.getByText('Nobody is told.').waitFor();
      const before = receiver.told.length;
      await page.getByRole('button', { name: 'Send a test to ops' }).click();
      await page.getByText('Test to ops/0:').waitFor();
      expect(receiver.told.slice(before).some((text) => text.includes('test'))).toBe(true);
      await page.context().close();
    });
  });

  describe('exceptions and silences', () => {
    it('an exception is made with a preview of what it hides, and ended', async () => {
      const page = await open('/exceptions');
      await page.getByRole('button', { name: 'Make an exception' }).click();
      await page.getByRole('textbox', { name: 'Reason' }).fill('Terraform reads keys at each plan');
      await page.getByRole('combobox', { name: 'Rule' }).selectOption('cosmosdb_access_keys_viewed');
      await page.getByRole('textbox', { name: 'Actor' }).fill('terraform-ci');
      await page.getByRole('button', { name: 'See what it hides' }).click();
      await page.getByText(/It would hide/).waitFor();
      await page.getByRole('button', { name: 'Hide these for 30 days' }).click();
      await page.getByText('terraform-reads-keys-at-each-plan').waitFor();
      await page.getByRole('button', { name: 'End terraform-reads-keys-at-each-plan now' }).click();
      await page.getByText(/has ended/).waitFor();
      await page.context().close();
    });

    it('a silence is made and ended', async () => {
      const page = await open('/silences');
      await page.getByRole('combobox', { name: 'Account' }).locator('option').nth(1).waitFor({ state: 'attached' });
      await page.getByRole('combobox', { name: 'Account' }).selectOption('carts-prod');
      await page.getByRole('textbox', { name: 'Why' }).fill('Upgrade of the cluster');
      await page.getByRole('button', { name: 'Silence for 4 hours' }).click();
      await page.getByRole('table', { name: 'Silences' }).getByText('upgrade-of-the-cluster').waitFor();
      await page.getByRole('button', { name: 'End upgrade-of-the-cluster now' }).click();
      await page.getByText('Nothing is silent').waitFor();
      await page.context().close();
    });
  });

  describe('settings', () => {
    it('a token is made, shown once, and withdrawn; the audit log tells it and is intact', async () => {
      const page = await open('/settings?part=tokens');
      await page.getByRole('button', { name: 'New token' }).click();
      await page.getByLabel('Who uses it').fill('grafana');
      await page.getByRole('button', { name: 'Make the token' }).click();
      await page.getByText('The value of grafana, shown this once').waitFor();
      await page.getByRole('button', { name: 'Withdraw grafana' }).click();
      await page.getByText('grafana has ended.').waitFor();
      await page.getByRole('link', { name: 'Audit log' }).click();
      await page.getByRole('table', { name: 'Audit log' }).getByText('tokens: create').first().waitFor();
      await page.getByRole('button', { name: 'Verify the chain' }).click();
      await page.getByText('Intact.').waitFor();
      await page.context().close();
    });
  });
});
