// A report in a real browser, opened from disk: what it logged, what it asked the network for, and
// whether anything in it ran that should be text.
import { chromium } from 'playwright-core';
import { pathToFileURL } from 'node:url';

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

/** Opens a report; `trouble` lists what must not happen, as it happens. */
export async function open(browser, path, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const trouble = [];
  const own = pathToFileURL(path).href;
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) trouble.push(`console: ${message.text()}`);
  });
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('dialog', async (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== own) trouble.push(`request: ${request.url()}`);
  });
  await page.goto(own);
  return { page, context, trouble };
}

/** Whether something is drawn on a canvas. */
export function isDrawn(canvas) {
  return canvas.evaluate((element) => {
    const blank = document.createElement('canvas');
    blank.width = element.width;
    blank.height = element.height;
    return element.toDataURL() !== blank.toDataURL();
  });
}
