import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AlertItem } from '../../src/api/contract.ts';
import {
  type Console,
  openBrowser,
  pushTheft,
  settled,
  signedIn,
  startConsole,
  violations,
  WHY_NOT,
  windowOf,
} from './console.test-support.ts';

/*
 * What an on-call person does with the console, in a real browser, against a real service that has read the logs of a simulated night.
 * What needs no alert to be as it was stands first.
 */

describe.skipIf(WHY_NOT !== null)(`the console${WHY_NOT === null ? '' : `: ${WHY_NOT}`}`, () => {
  let service: Console;
  let browser: Browser;
  let theft: AlertItem;

  beforeAll(async () => {
    [service, browser] = await Promise.all([startConsole(), openBrowser()]);
    await pushTheft(service);
    const { items } = await service.ask<{ items: AlertItem[] }>(
      '/api/v1/alerts?rule=cosmosdb_network_access_changed&level=critical',
    );
    theft = items[0]!;
  }, 300_000);

  afterAll(async () => {
    await browser?.close();
    await service?.stop();
  });

  describe('signing in', () => {
    it('signed out, no request fails, and one goes to the page that was wanted', async () => {
      const page = await (await windowOf(browser, service)).newPage();
      const refused: string[] = [];
      page.on('response', (answer) => answer.status() >= 400 && refused.push(`${answer.status()} ${answer.url()}`));
      await page.goto(`/alerts/${theft.id}`);
      await page.getByText('You opened an alert.').waitFor();
      expect(refused).toEqual([]);
      expect(await page.locator('body').innerText()).not.toContain('orders-prod');
      await page.getByRole('button', { name: /demo/ }).click();
      await page.getByRole('heading', { level: 1, name: /Network access to orders-prod/ }).waitFor();
      expect(new URL(page.url()).pathname).toBe(`/alerts/${theft.id}`);
      await page.context().close();
    });

    it('a wrong password says so, with the cure, and signs nobody in', async () => {
      const page = await (await windowOf(browser, service)).newPage();
      await page.goto('/sign-in');
      await page.getByLabel('Name').fill('nobody');
      await page.getByLabel('Password', { exact: true }).fill('four wrong words here');
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await page.getByRole('alert').waitFor();
      expect(new URL(page.url()).pathname).toBe('/sign-in');
      await page.context().close();
    });

    it.each(['//evil.example/x', 'https://evil.example', '/\\evil.example'])(
      'does not send anybody to %s',
      async (to) => {
        const page = await (await windowOf(browser, service)).newPage();
        await page.goto(`/sign-in?to=${encodeURIComponent(to)}`);
        await page.getByRole('button', { name: /demo/ }).click();
        await page.waitForURL((url) => url.pathname === '/');
        expect(page.url().startsWith(service.url)).toBe(true);
        await page.context().close();
      },
    );
  });

  it('the theft is found among the noise: overview, alert, its first command', async () => {
    const page = await signedIn(browser, service);
    await page.getByRole('heading', { level: 1, name: /critical alerts are open and nobody has taken them/ }).waitFor();
    await page
      .getByRole('link', { name: /Network access to orders-prod was opened to the internet/ })
      .first()
      .click();
    await page.getByRole('heading', { level: 1, name: /Network access to orders-prod/ }).waitFor();
    await page.getByText('az cosmosdb update', { exact: false }).first().waitFor();
    const command = await page.locator('.steps pre').first().innerText();
    expect(command).toContain("-n 'orders-prod' --ip-range-filter '203.0.113.0/24'");
    await page.locator('.diff').first().waitFor();
    expect(await page.locator('.diff .a').first().innerText()).toContain('0.0.0.0');
    await page.context().close();
  });

  it('follows the actor: from the alert to all that this person did', async () => {
    const page = await signedIn(browser, service);
    await page.goto(`/alerts/${theft.id}`);
    await page.locator('.facts').getByRole('link', { name: 'ops-admin@contoso.example' }).click();
    await page.waitForURL(/actor=ops-admin/);
    await page.getByText('The lock keep (CanNotDelete)', { exact: false }).first().waitFor();
    const rows = await page.locator('.al').allInnerTexts();
    expect(rows.length).toBeGreaterThan(4);
    expect(rows.filter((text) => !text.includes('ops-admin'))).toEqual([]);
    await page.context().close();
  });

  it('an exception is made from an alert, after seeing what it would hide', async () => {
    const page = await signedIn(browser, service);
    await page.goto('/alerts?rule=cosmosdb_connection_string_viewed&actor=terraform-ci');
    await page.locator('.al a').first().click();
    await page.getByRole('button', { name: 'Make an exception' }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByText(/^1 of \d+ would be hidden$/).waitFor();
    await drawer.getByRole('checkbox', { name: /account is/ }).uncheck();
    await drawer.getByText(/^[2-9] of \d+ would be hidden$/).waitFor();
    await drawer.getByRole('checkbox', { name: /account is/ }).check();
    await drawer.getByText(/^1 of \d+ would be hidden$/).waitFor();
    const make = drawer.getByRole('button', { name: /Make the exception/ });
    expect(await make.getAttribute('aria-disabled')).toBe('true');
    await drawer.getByLabel('Why is this harmless?').fill('The pipeline reads it each night');
    await make.click();
    await page.getByText(/The exception .* is in force/).waitFor();
    const { items } = await service.ask<{ items: { kept: number; spec: { reason: string } }[] }>('/api/v1/exceptions');
    expect(items.map(({ spec }) => spec.reason)).toEqual(['The pipeline reads it each night']);
    await page.context().close();
  });

  it('a new alert waits behind a bar, and is shown when it is wanted', async () => {
    const page = await signedIn(browser, service);
    await page.goto('/alerts');
    await page.locator('.al').first().waitFor();
    const before = await page.locator('.al').first().innerText();
    await service.push(naughtyRecord('waiting-prod', 'waits@contoso.example'));
    await page.getByRole('button', { name: /came in while you read/ }).waitFor();
    expect(await page.locator('.al').first().innerText()).toBe(before);
    await page.keyboard.press('n');
    await page.getByText('waits@contoso.example').first().waitFor();
    await page.context().close();
  });

  describe('names that would be something else elsewhere', () => {
    const names = [
      '<script>window.hit=1</script>',
      '<img src=x onerror="window.hit=1">',
      'javascript:window.hit=1//',
      '"><svg onload=window.hit=1>',
      "'; DROP TABLE alerts;--",
      '\u202Egnp.exe',
      '{{7*7}}${7*7}',
    ];

    it('are text, as actor, resource and user agent, in the list, on the alert and in find', async () => {
      for (const [at, name] of names.entries()) await service.push(naughtyRecord(`naughty-${at}`, name));
      const page = await signedIn(browser, service);
      const scripts: string[] = [];
      page.on('dialog', (dialog) => {
        scripts.push(dialog.message());
        void dialog.dismiss();
      });
      // CodeMirror keeps an empty picture of its own beside what it adds to a line.
      const look = async (): Promise<void> => {
        await settled(page);
        expect(await page.evaluate('window.hit')).toBeUndefined();
        const strange = page.locator('a[href^="javascript:" i], main script, main img:not(.cm-widgetBuffer)');
        expect(await strange.evaluateAll((found) => found.map((one) => String(one)))).toEqual([]);
      };
      await page.goto('/alerts?q=naughty');
      await page.getByText('naughty-0').first().waitFor();
      await look();
      const { items } = await service.ask<{ items: AlertItem[] }>('/api/v1/alerts?q=naughty&limit=50');
      expect(items.length).toBeGreaterThanOrEqual(names.length);
      for (const { id } of items.slice(0, names.length)) {
        await page.goto(`/alerts/${id}`);
        await page.locator('.facts').waitFor();
        await look();
      }
      await page.keyboard.press('Control+k');
      await page.getByRole('textbox', { name: 'Find' }).fill('naughty');
      await page.getByText('naughty-1', { exact: false }).first().waitFor();
      await look();
      expect(scripts).toEqual([]);
      await page.context().close();
    });
  });

  describe('for everybody (axe-core)', () => {
    const looks = [
      ['light', 1440],
      ['dark', 1440],
      ['light', 390],
      ['dark', 390],
    ] as const;

    it.each(looks)('%s, %i px: no violation on any page', async (scheme, width) => {
      const page = await signedIn(browser, service, { scheme, width });
      const found: string[] = [];
      for (const path of [
        '/',
        '/alerts?status=any',
        `/alerts/${theft.id}`,
        `/alerts/${theft.id}?drawer=exception`,
        '/more',
      ])
        found.push(...(await foundAt(page, path)));
      await page.context().close();
      const out = await (await windowOf(browser, service, { scheme, width })).newPage();
      for (const path of ['/sign-in?to=/alerts/x&refused=CW-6020', '/setup#code', '/password#code'])
        found.push(...(await foundAt(out, path)));
      await out.context().close();
      expect(found).toEqual([]);
    });

    async function foundAt(page: Page, path: string): Promise<readonly string[]> {
      await page.goto(path);
      await settled(page);
      return violations(page);
    }
  });

  it.each([360, 390, 768, 1024, 1440])('no page scrolls sideways at %i px', async (width) => {
    const page = await signedIn(browser, service, { width });
    for (const path of ['/', '/alerts?status=any', `/alerts/${theft.id}`, '/more']) {
      await page.goto(path);
      await settled(page);
      const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
      expect([path, over]).toEqual([path, 0]);
    }
    await page.context().close();
  });

  it('at 360 px an alert is found, its first command is there, and it is acknowledged', async () => {
    const page = await signedIn(browser, service, { width: 360 });
    await page.getByRole('link', { name: 'Alerts' }).first().click();
    await page
      .getByRole('link', { name: /The key cosmos-cmk/ })
      .first()
      .click();
    await page.locator('.steps pre').first().waitFor();
    await page.locator('.actbar').getByRole('button', { name: 'Acknowledge' }).click();
    await page.locator('.actbar').getByRole('button', { name: 'Resolve' }).waitFor();
    await page.context().close();
  });

  it('by keyboard: to the list, down, acknowledge, open, resolve', async () => {
    const page = await signedIn(browser, service);
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.locator('.al').first().waitFor();
    await page.keyboard.press('j');
    const first = page.locator('.al[aria-current="true"]');
    await first.waitFor();
    const href = (await first.locator('a').getAttribute('href'))!;
    await page.keyboard.press('a');
    await first.getByText('Acknowledged').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL((url) => url.pathname === href);
    await page
      .getByRole('button', { name: /^Resolve/ })
      .first()
      .waitFor();
    await page.keyboard.press('r');
    await page.getByRole('button', { name: 'Open again' }).first().waitFor();
    const alert = await service.ask<AlertItem>(`/api/v1${href}`);
    expect([alert.status, alert.history.map(({ what }) => what).slice(-2)]).toEqual([
      'resolved',
      ['acknowledged', 'resolved'],
    ]);
    await page.context().close();
  });

  it('several at once: ticked, then acknowledged', async () => {
    const page = await signedIn(browser, service);
    await page.goto('/alerts?level=medium');
    await page.locator('.al').nth(2).waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    const bar = page.getByRole('region', { name: 'Selected alerts' });
    await bar.getByText('2 selected').waitFor();
    await bar.getByRole('button', { name: /Acknowledge/ }).click();
    await page.getByText('2 alerts acknowledged').waitFor();
    await page.context().close();
  });

  it('is whole without any connection but to the service', async () => {
    const page = await signedIn(browser, service);
    const strange: string[] = [];
    page.on('request', (request) => !request.url().startsWith(service.url) && strange.push(request.url()));
    for (const path of ['/', '/alerts', `/alerts/${theft.id}`]) {
      await page.goto(path);
      await settled(page);
    }
    expect(strange).toEqual([]);
    await page.context().close();
  });
});

/** Somebody reads the keys of an account: one Activity Log record that raises one alert. */
function naughtyRecord(account: string, actor: string): string {
  const time = new Date(Date.now() - 60_000).toISOString();
  const subscription = '00000000-0000-0000-0000-0000000000aa';
  const id = `/SUBSCRIPTIONS/${subscription}/RESOURCEGROUPS/RG-SHOP/PROVIDERS/MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/${account}`;
  const record = {
    time,
    resourceId: id,
    operationName: 'MICROSOFT.DOCUMENTDB/DATABASEACCOUNTS/LISTKEYS/ACTION',
    category: 'Administrative',
    resultType: 'Success',
    resultSignature: 'Succeeded.OK',
    callerIpAddress: '198.51.100.99',
    correlationId: crypto.randomUUID(),
    identity: {
      claims: { 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn': actor, ipaddr: '198.51.100.99' },
    },
    properties: { userAgent: actor },
  };
  return JSON.stringify({ records: [record] });
}
