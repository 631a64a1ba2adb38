// The HTML reports of a run, of a suite and of a journal that somebody has tampered with, as a
// reader has them. FOLDER has run.html, suite.html and hostile.html.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';

import { isDrawn, launch, open } from './page.js';

const folder = process.env.FOLDER;
let browser;

before(async () => {
  browser = await launch();
});
after(async () => {
  await browser.close();
});

/** Runs a check of a report, and wants no trouble from the page meanwhile. */
async function look(name, options, check) {
  const { page, context, trouble } = await open(browser, join(folder, `${name}.html`), options);
  await check(page, context);
  assert.deepEqual(trouble, []);
  await context.close();
}

test('a run: the verdict comes first, then the numbers', () =>
  look('run', {}, async (page) => {
    assert.match(await page.title(), /^passed: /);
    assert.equal(await page.locator('#verdict').innerText(), '✓ PASSED');
    assert.ok((await page.locator('.card').count()) >= 5);
    assert.match(await page.locator('#facts').innerText(), /seed \d+ · ttn-v2/);
  }));

test('a run: charts are drawn, in light and dark, and fit a narrow page', () =>
  look('run', {}, async (page) => {
    for (const scheme of ['light', 'dark']) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.waitForFunction(() => document.querySelectorAll('.uplot canvas').length >= 3);
      for (const canvas of await page.locator('.uplot canvas').all())
        assert.ok(await isDrawn(canvas));
      await page.screenshot({ path: join(folder, `run-${scheme}.png`), fullPage: true });
    }
    assert.ok((await page.locator('figure svg circle.device').count()) > 0);
    assert.ok((await page.locator('figure svg path.gateway').count()) > 0);
    await page.setViewportSize({ width: 400, height: 800 });
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.uplot')].every((plot) => plot.clientWidth < 400),
    );
    const [inner, outer] = await page.evaluate(() => [
      document.body.scrollWidth,
      window.innerWidth,
    ]);
    assert.ok(inner <= outer, `${inner} px of content in ${outer} px`);
    await page.screenshot({ path: join(folder, 'run-narrow.png'), fullPage: true });
  }));

test('a run: the reader chooses the colours', () =>
  look('run', { colorScheme: 'light' }, async (page) => {
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    const button = page.locator('#theme');
    await button.click();
    assert.equal(await button.innerText(), 'Colours: light');
    await button.click();
    assert.equal(await button.innerText(), 'Colours: dark');
    assert.notEqual(await ground(), light);
  }));

test('a run: a device over time', () =>
  look('run', {}, async (page) => {
    const timeline = page.locator('figure', { has: page.locator('#device') });
    const devices = await page.locator('#device option').allInnerTexts();
    assert.ok(devices.length > 1);
    const events = timeline.locator('svg circle');
    const all = await events.count();
    assert.ok(all > 3);
    await timeline.getByRole('button', { name: 'Closer' }).click();
    assert.ok((await events.count()) < all);
    await timeline.getByRole('button', { name: 'All' }).click();
    assert.equal(await events.count(), all);
    await page.selectOption('#device', { label: devices[1] });
    assert.match(await timeline.locator('svg').getAttribute('aria-label'), new RegExp(devices[1]));
    await timeline.getByText('As a table').click();
    assert.ok((await timeline.locator('tbody tr').count()) > 3);
  }));

test('a suite: cases by section, filtered', () =>
  look('suite', {}, async (page) => {
    assert.equal(await page.locator('#verdict').innerText(), '✗ FAILED');
    const shown = () => page.locator('.check:visible').count();
    const all = await shown();
    assert.ok(all > 100);
    assert.ok((await page.locator('.part').count()) >= 11);
    const failed = page.locator('button[data-kind=failed]');
    await failed.click();
    assert.equal(await failed.getAttribute('aria-pressed'), 'true');
    const count = Number((await failed.innerText()).match(/\d+/)[0]);
    assert.equal(await shown(), count);
    assert.match(await page.locator('#shown').innerText(), new RegExp(`^${count} of ${all} cases`));
    await failed.click();
    await page.getByLabel('Search the checks').fill('counter may start over');
    assert.equal(await shown(), 1);
    await page.getByLabel('Search the checks').fill('');
    await page.getByLabel('Level').selectOption('SHOULD');
    assert.ok((await shown()) > 0 && (await shown()) < all);
    await page.screenshot({ path: join(folder, 'suite.png') });
  }));

test('a suite: a failure says what is required, what was seen, and how to see it again', () =>
  look('suite', { permissions: ['clipboard-read', 'clipboard-write'] }, async (page) => {
    const failure = page.locator('.check[open]').first();
    for (const word of ['Requires', 'Source', 'Means', 'Expected', 'Actual', 'At']) {
      assert.equal(await failure.locator('dt', { hasText: new RegExp(`^${word}$`) }).count(), 1);
    }
    const command = await failure.locator('pre').first().innerText();
    assert.match(command, /^curl /);
    const button = failure.getByRole('button', { name: 'Copy' }).first();
    await button.click();
    await page.waitForFunction(() => document.getElementById('said').textContent === 'Copied');
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), command);
  }));

test('a suite: everything is reached by the keyboard', () =>
  look('suite', {}, async (page) => {
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    await page.keyboard.press('Enter');
    assert.equal(await page.evaluate(() => document.activeElement.id), 'checks');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    assert.equal(
      await page.evaluate(() => document.activeElement.getAttribute('aria-pressed')),
      'true',
    );
    const first = page.locator('.check:visible summary').first();
    await first.focus();
    const isOpen = () => first.evaluate((summary) => summary.parentElement.open);
    const was = await isOpen();
    await page.keyboard.press('Enter');
    assert.notEqual(await isOpen(), was);
  }));

test('a suite: every control has a name, every heading its place', () =>
  look('suite', {}, async (page) => {
    const nameless = await page.evaluate(
      () =>
        [...document.querySelectorAll('button, select, input, svg[role=img]')].filter(
          (one) => !(one.textContent.trim() || one.getAttribute('aria-label')),
        ).length,
    );
    assert.equal(nameless, 0);
    assert.equal(await page.locator('h1').count(), 1);
    assert.equal(await page.locator('main').count(), 1);
    assert.ok(await page.evaluate(() => document.documentElement.lang === 'en'));
  }));

test('a link opens a case', async () => {
  const { page, context } = await open(browser, join(folder, 'suite.html'));
  await page.evaluate(() => {
    location.hash = '#check-5.1/1';
  });
  await page.waitForFunction(() => document.getElementById('check-5.1/1').open);
  await context.close();
});

test('what came from outside is text', () =>
  look('hostile', {}, async (page) => {
    const device = '<script>alert(1)</script>';
    assert.ok((await page.locator('#device option').allInnerTexts()).includes(device));
    await page.selectOption('#device', { label: device });
    assert.match(
      await page.locator('figure svg[aria-label^="Timeline"]').getAttribute('aria-label'),
      /<script>alert\(1\)<\/script>/,
    );
    await page.locator('.check summary').first().click();
    await page.locator('.check[open] dl').first().waitFor();
    assert.ok((await page.locator('#list').innerText()).includes('<img src=x onerror=alert(2)>'));
    assert.ok(
      (await page.locator('h1').innerText()).includes('</script><script>alert(3)</script>'),
    );
    assert.equal(await page.locator('main img, main script').count(), 0);
    assert.equal(await page.locator('script').count(), 2);
  }));
