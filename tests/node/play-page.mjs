// Opens FOLDER/index.html in headless Chromium, plays it to the end with the second choice of every selector, and prints JSON:
// { ended, message, choices: { presentation, quality, audio }, fetched: [paths], foreign: [addresses], errors }.
// usage: node play-page.mjs FOLDER CHROMIUM
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [folder, executablePath] = process.argv.slice(2);
const origin = 'http://127.0.0.1:1';
const types = { html: 'text/html; charset=utf-8', js: 'text/javascript', m3u8: 'application/vnd.apple.mpegurl', mp4: 'video/mp4' };
const [fetched, foreign, errors] = [[], [], []];

// Every request ends here, so that none leaves the machine and all are seen.
async function answer(route) {
  const url = new URL(route.request().url());
  if (url.origin !== origin) {
    foreign.push(url.href);
    return route.abort();
  }
  const path = decodeURIComponent(url.pathname.slice(1));
  if (path === 'favicon.ico') return route.fulfill({ status: 204 });
  fetched.push(path);
  const bytes = readFileSync(join(folder, path));
  const contentType = types[path.split('.').pop()];
  const range = /^bytes=(\d+)-(\d+)$/.exec(route.request().headers().range ?? '');
  if (!range) return route.fulfill({ contentType, body: bytes });
  const [start, end] = [Number(range[1]), Math.min(Number(range[2]), bytes.length - 1)];
  return route.fulfill({
    status: 206, contentType, headers: { 'Content-Range': `bytes ${start}-${end}/${bytes.length}` }, body: bytes.subarray(start, end + 1),
  });
}

const browser = await chromium.launch({
  executablePath,
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
});
try {
  const page = await browser.newPage();
  page.on('pageerror', error => errors.push(String(error)));
  await page.route('**/*', answer);
  await page.goto(`${origin}/index.html`);
  await page.waitForFunction(() => document.getElementById('video').readyState >= 2, null, { timeout: 30000 });
  const choices = {};
  for (const id of ['presentation', 'quality', 'audio']) {
    const select = page.locator(`#${id}`);
    choices[id] = await select.locator('option').allTextContents();
    if (choices[id].length > 1) await select.selectOption({ index: 1 });
    await page.waitForFunction(() => document.getElementById('video').readyState >= 2, null, { timeout: 30000 });
  }
  const ended = await page.evaluate(async () => {
    const video = document.getElementById('video');
    video.muted = true;
    const end = new Promise(resolve => {
      video.addEventListener('ended', () => resolve(true));
      setTimeout(() => resolve(false), 60000);
    });
    await video.play();
    video.playbackRate = 4;
    return end;
  });
  console.log(JSON.stringify({ ended, message: await page.locator('#message').textContent(), choices, fetched, foreign, errors }));
} finally {
  await browser.close();
}
